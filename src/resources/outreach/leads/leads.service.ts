import { Injectable } from '@nestjs/common';
import { IsIn } from 'class-validator';
import { invalidField } from '../../../core/errors/app-error.js';
import { isCheckViolation } from '../../../core/errors/postgres-error.js';
import { equals } from '../../../kit/lists/filters.js';
import { defineResource } from '../../../kit/crud/define-resource.js';
import { Lead, LEAD_SOURCES, LEAD_STATUSES } from './lead.entity.js';

export const kit = defineResource({
  path: 'leads',
  scope: 'leads',
  entity: Lead,
  label: 'Lead',
  requiresValueOf: ['phone', 'email'],
  filters: { status: equals('status', IsIn(LEAD_STATUSES)), source: equals('source', IsIn(LEAD_SOURCES)) },
});

@Injectable()
export class Leads extends kit.Service {
  /** That there is a way to reach them is the table's to judge: a change knows only its half. */
  protected override async refusing<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await super.refusing(write);
    } catch (error) {
      if (isCheckViolation(error, 'leads_reachable')) throw invalidField('phone', 'phone or email is required');
      throw error;
    }
  }
}
