import { Controller, Get, Req, Res } from '@nestjs/common';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { AuditActors, AuditEntryView } from '../../kit/audit/audit.dto.js';
import { AUDIT_FILTERS, AuditTrail } from '../../kit/audit/audit-trail.js';
import { ExportQueries, ListQueries } from '../../kit/lists/list-queries.js';
import { sendJson } from '../../kit/crud/send-json.js';
import { Answers, AnswersPage } from '../../core/wire/answers.js';

const pages = new ListQueries(AUDIT_FILTERS);
const exports = new ExportQueries(AUDIT_FILTERS);

/** What was done to the org, its keys and its people: action, who, when [seed 004]. */
@Controller('manage/v1')
export class ManageAuditController {
  constructor(private readonly trail: AuditTrail) {}

  @Get('audit')
  @RequireRole('Member')
  @AnswersPage(AuditEntryView, 'List audit entries', { query: pages.dto })
  async list(@CurrentPrincipal() { orgId }: Principal, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    sendJson(reply, await this.trail.list(orgId, pages.judge(request)));
  }

  @Get('audit/actors')
  @RequireRole('Member')
  @Answers(200, AuditActors, 'List who is in the audit')
  async actors(@CurrentPrincipal() { orgId }: Principal, @Res() reply: FastifyReply) {
    sendJson(reply, await this.trail.actors(orgId));
  }

  /** Sent past Nest, which would end a stream that broke as if it were whole. */
  @Get('audit.csv')
  @RequireRole('Member')
  @Answers(200, { mediaType: 'text/csv' }, 'Export the audit', { query: exports.dto })
  async csv(@CurrentPrincipal() { orgId }: Principal, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const lines = await this.trail.csv(orgId, exports.judge(request));
    const headers = {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="audit.csv"',
    };
    // Whoever asks for the head alone would have all of it read for nobody.
    void reply.headers(headers).send(request.method === 'HEAD' ? Readable.from([]) : lines);
  }
}
