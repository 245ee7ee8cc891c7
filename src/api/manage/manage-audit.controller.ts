import { Controller, Get } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { AuditActors, AuditEntryView } from '../../kit/audit/audit.dto.js';
import { AUDIT_FILTERS, AuditTrail } from '../../kit/audit/audit-trail.js';
import { ExportQueries, ListQueries, type PageMaker, type PageRequest } from '../../kit/lists/list-queries.js';
import { Answers, AnswersPage } from '../../core/wire/answers.js';
import { ReadQuery } from '../../core/wire/query-reader.js';
import { Answer } from '../../core/wire/answer.js';

const pages = new ListQueries(AUDIT_FILTERS);
const exports = new ExportQueries(AUDIT_FILTERS);

/** The audit trail of the org [S4]. */
@Controller('manage/v1')
export class ManageAuditController {
  constructor(private readonly trail: AuditTrail) {}

  @Get('audit')
  @RequireRole('Member')
  @AnswersPage(AuditEntryView, 'List audit entries')
  list(@CurrentPrincipal() { orgId }: Principal, @ReadQuery(pages) page: PageRequest) {
    return this.trail.list(orgId, page);
  }

  @Get('audit/actors')
  @RequireRole('Member')
  @Answers(200, AuditActors, 'List who is in the audit')
  actors(@CurrentPrincipal() { orgId }: Principal) {
    return this.trail.actors(orgId);
  }

  @Get('audit.csv')
  @RequireRole('Member')
  @Answers(200, { mediaType: 'text/csv' }, 'Export the audit')
  async csv(@CurrentPrincipal() { orgId }: Principal, @ReadQuery(exports) pageOf: PageMaker) {
    const lines = await this.trail.csv(orgId, pageOf);
    const headers = {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="audit.csv"',
    };
    return new Answer(lines, { headers });
  }
}
