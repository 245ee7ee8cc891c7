import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import type { Values } from '../../../kit/crud/resource-service.js';
import { openStatusAt } from './open-status.js';
import { OfficeHours } from './office-hours.entity.js';
import type { OpenStatus } from './open-status.dto.js';
import type { Shift, StoredShift } from './shift.js';
import { kit } from './office-hours.definition.js';
import type { Wire } from '../../../core/wire/wire-json.js';

@Injectable()
export class Schedules extends kit.Service {
  override create(principal: Principal, values: Values<OfficeHours>): Promise<Wire<OfficeHours>> {
    return super.create(principal, withStoredShifts(values));
  }

  override update(principal: Principal, id: string, values: Values<OfficeHours>): Promise<Wire<OfficeHours>> {
    return super.update(principal, id, withStoredShifts(values));
  }

  /** @throws AppError not_found (404) */
  async status(principal: Principal, id: string, at: Date): Promise<OpenStatus> {
    const schedule = await this.find(principal, id);
    const { isOpen, nextChangeAtMs } = openStatusAt(schedule, at.getTime());
    return { is_open: isOpen, next_change_at: nextChangeAtMs === null ? null : new Date(nextChangeAtMs) };
  }
}

/** An update replaces all shifts, so each gets a new id. */
function withStoredShifts(values: Values<OfficeHours>): Values<OfficeHours> {
  if (values.shifts === undefined) return values;
  const now = new Date().toISOString();
  const shifts = (values.shifts as Shift[]).map((shift): StoredShift => ({
    ...shift,
    id: uuidV7(),
    created_at: now,
    updated_at: now,
  }));
  return { ...values, shifts };
}
