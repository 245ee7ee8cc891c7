import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { rowAsJson } from '../../../core/database/row-as-json.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { rowId } from '../../../core/wire/row-id.js';
import type { CreateCallDto, UpdateCallDto } from './call.dto.js';
import { kit } from './calls.definition.js';
import { type Wire, WireJson } from '../../../core/wire/wire-json.js';
import type { Call, WholeCall } from './call.entity.js';

@Injectable()
export class Calls extends kit.Service {
  readonly #whole: PreparedRead;

  constructor(database: Database) {
    super(database);
    const long = { summary: 'calls.summary', tags: 'calls.tags', transcript: 'calls.transcript' };
    const whole = rowAsJson(this.metadata, long);
    this.#whole = database.reads.prepare('calls.whole', `SELECT ${whole} FROM calls WHERE id = $1 AND org_id = $2`);
  }

  /** Returns a `WholeCall`. @throws AppError not_found (404) */
  override async read({ orgId }: Principal, id: string): Promise<WireJson<Wire<WholeCall>>> {
    return (await this.#whole.json<Wire<WholeCall>>([rowId(id), orgId])) ?? this.notFound();
  }

  /** @throws AppError not_found (404) for the agent */
  async add({ orgId }: Principal, { started_at, ...call }: CreateCallDto): Promise<Wire<Call>> {
    const startedAt = started_at === undefined ? undefined : new Date(started_at);
    return this.insert({ ...call, started_at: startedAt, id: uuidV7(), org_id: orgId });
  }

  /** Returns a `WholeCall`. @throws AppError not_found (404) */
  async change(principal: Principal, id: string, change: UpdateCallDto): Promise<WireJson<Wire<WholeCall>>> {
    await this.update(principal, id, { ...change });
    return this.read(principal, id);
  }
}
