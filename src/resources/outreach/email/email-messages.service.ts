import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { invalidField } from '../../../core/errors/invalid-request.js';
import { rowId } from '../../../core/wire/row-id.js';
import type { Wire, WireJson } from '../../../core/wire/wire-json.js';
import { type DeliveryReport, parseDeliveryReport } from '../../../kit/mailer/delivery-report.js';
import type { MailMessage } from '../../../kit/mailer/mail-message.entity.js';
import { MailOutcomes } from '../../../kit/mailer/mail-outcomes.service.js';
import { messageIdOf } from '../../../kit/mailer/mail.service.js';
import type { ReportBounceDto } from './email.dto.js';
import { messagesKit } from './email-messages.definition.js';

const UNEXPLAINED = 'It bounced.';

@Injectable()
export class EmailMessages extends messagesKit.Service {
  constructor(
    database: Database,
    private readonly outcomes: MailOutcomes,
  ) {
    super(database);
  }

  /**
   * Records that a sent mail came back. Repeating changes nothing; neither does the report of a delay.
   * @throws AppError invalid_request (400) for a text that is no report, not_found (404) for an unknown Message-ID
   */
  async reportBounce(principal: Principal, dto: ReportBounceDto): Promise<WireJson<Wire<MailMessage>>> {
    const { messageId, isFailure, isAboutRecipient, reason } = reportOf(dto);
    const id = rowId(/^<([0-9a-f-]{36})@/i.exec(messageId)?.[1] ?? '');
    const message = await this.find(principal, id);
    if (messageIdOf(message) !== messageId.toLowerCase()) this.notFound();
    const key = { org_id: principal.orgId, id };
    if (isFailure) await this.outcomes.bounce(key, reason || UNEXPLAINED, isAboutRecipient);
    return this.read(principal, id);
  }
}

function reportOf({ message_id: messageId, reason = '', report }: ReportBounceDto): DeliveryReport {
  if (messageId !== undefined) return { messageId, isFailure: true, isAboutRecipient: true, reason };
  const parsed = parseDeliveryReport(report!);
  if (parsed) return parsed;
  throw invalidField('report', 'report must be a delivery status notification (RFC 3464) with the returned headers');
}
