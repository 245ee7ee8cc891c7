import { Injectable } from '@nestjs/common';
import { Database } from '../../../core/database/database.js';
import { rowId } from '../../../core/wire/row-id.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { openStatusAt } from './open-status.js';
import type { OpenStatus } from './open-status.dto.js';
import { OfficeHours } from './office-hours.entity.js';

@Injectable()
export class OfficeHoursStatus {
  constructor(private readonly database: Database) {}

  /** @throws AppError not_found (404) */
  async statusAt(orgId: string, id: string, at: Date): Promise<OpenStatus> {
    const schedule = await this.database.manager.findOneBy(OfficeHours, { org_id: orgId, id: rowId(id) });
    if (!schedule) throw notFound('Schedule');
    const { isOpen, nextChangeAtMs } = openStatusAt(schedule, at.getTime());
    return { is_open: isOpen, next_change_at: nextChangeAtMs === null ? null : new Date(nextChangeAtMs) };
  }
}
