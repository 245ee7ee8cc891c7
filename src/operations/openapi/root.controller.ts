import { Controller, Get, Headers, Inject } from '@nestjs/common';
import { Public } from '../../access/decorators/for-audience.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { HostPages } from '../../core/http/host-pages.js';
import { Answer } from '../../core/wire/answer.js';
import { Answers } from '../../core/wire/answers.js';
import { Field } from '../../core/wire/field.js';
import { TEXT, URI } from '../../core/wire/schema.js';

export class EntryPoints {
  @Field(TEXT)
  name: string;

  @Field(URI)
  dashboard: string;

  @Field(URI)
  openapi: string;

  /** The interactive API reference. */
  @Field(URI)
  reference: string;
}

/** Redirects browsers from `/` to the dashboard, and lists the entry points for other clients. */
@Controller()
export class RootController {
  readonly #entryPoints: EntryPoints;

  constructor(
    @Inject(CONFIG) { publicUrl, dashboardUrl }: Config,
    private readonly hosts: HostPages,
  ) {
    this.#entryPoints = {
      name: 'Gatehouse',
      dashboard: `${dashboardUrl}/dashboard/`,
      openapi: `${publicUrl}/openapi.json`,
      reference: `${publicUrl}/docs`,
    };
  }

  @Get()
  @Public('names public pages')
  @Answers(200, EntryPoints, 'Where to find what; browsers are sent to the dashboard', {
    description: 'A host with pages of its own, such as a custom domain, sends everyone to them.',
    also: { 303: undefined },
  })
  async entryPoints(
    @Headers('accept') accept: string | undefined,
    @Headers('host') host: string | undefined,
  ): Promise<Answer> {
    const vary = 'Accept';
    const home = host === undefined ? undefined : await this.hosts.homeOf(host);
    if (home !== undefined) return new Answer(undefined, { status: 303, headers: { location: home } });
    return asksForPage(accept)
      ? new Answer(undefined, { status: 303, headers: { vary, location: this.#entryPoints.dashboard } })
      : new Answer(this.#entryPoints, { headers: { vary } });
  }
}

/** True if the client asks for HTML by name, as browsers do. Other clients send a wildcard or JSON. */
function asksForPage(accept = ''): boolean {
  return accept
    .toLowerCase()
    .split(',')
    .some((range) => /^\s*text\/html\s*(;|$)/.test(range) && !/;\s*q=0(\.0*)?\s*(;|$)/.test(range));
}
