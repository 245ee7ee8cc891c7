import { Controller, Get, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ForAudience } from '../../access/decorators/for-audience.js';
import type { Principal } from '../../access/principal/principal.js';
import { principalOf } from '../../access/principal/request.js';
import { type Wire, WireJson } from '../../core/wire/wire-json.js';
import { Answers } from '../../core/wire/answers.js';
import { KeyView } from './key-view.dto.js';

/** Describes the calling key. Answered from memory. */
@Controller('whoami')
export class WhoamiController {
  /** All but the last field, cached per principal: building it takes as long as all five guards. */
  readonly #openings = new WeakMap<Principal, string>();

  /** Takes the request itself, as the kit's reads do: other parameters pass Nest's pipes. */
  @Get()
  @ForAudience('any-key')
  @Answers(200, KeyView, 'What a key is')
  read(@Req() request: FastifyRequest): WireJson<Wire<KeyView>> {
    const principal = principalOf(request);
    let opening = this.#openings.get(principal);
    if (opening === undefined) this.#openings.set(principal, (opening = openingOf(principal)));
    return new WireJson(`${opening},"last_used_at":"${new Date().toISOString()}"}`);
  }
}

function openingOf({ profile, windows }: Principal): string {
  const [perMinute, perHour] = windows;
  const key = {
    ...profile!,
    rate_limit: { per_minute: perMinute!.limit, per_hour: perHour!.limit },
    state: 'active',
    revoked_at: null,
  };
  return JSON.stringify(key).slice(0, -1);
}
