import { IsIn } from 'class-validator';
import { REFUSAL_REASONS, type RefusalReason } from '../../access/errors/refusal-reasons.js';
import { canonicalAddress } from '../../access/network/ip-address.js';
import { check, Optional, QueryInteger, Text } from '../../core/validation/decorators.js';
import { TEXT } from '../../core/wire/schema.js';
import { IsCursor } from '../../kit/lists/cursor.js';
import { IsDayOrInstant } from '../../kit/lists/date-range.js';
import { IsId } from '../../kit/lists/filters.js';
import { OUTCOMES, type Outcome } from './request-log-entry.entity.js';

const STATUS = /^[1-5](\d\d|xx)$/;

function IsStatus(): PropertyDecorator {
  const description = 'A status such as `403`, or all of a class, such as `4xx`.';
  return check('status', (value) => typeof value === 'string' && STATUS.test(value), 'must be like 403 or 4xx', {
    schema: { type: 'string', pattern: STATUS.source, description },
  });
}

function IsAddress(): PropertyDecorator {
  const isAddress = (value: unknown) => typeof value === 'string' && canonicalAddress(value) !== undefined;
  return check('address', isAddress, 'must be an IP address', { schema: TEXT });
}

/** Filters of the request log. */
export class RequestFilters {
  @Optional()
  @IsId()
  api_key_id?: string;

  @Optional()
  @IsId()
  credential_id?: string;

  @Optional()
  @Text(1, 32)
  method?: string;

  @Optional()
  @Text(1, 1_000)
  route?: string;

  @Optional()
  @IsStatus()
  status?: string;

  @Optional()
  @IsIn(OUTCOMES)
  outcome?: Outcome;

  @Optional()
  @IsIn(REFUSAL_REASONS)
  reason?: RefusalReason;

  @Optional()
  @IsAddress()
  client_address?: string;

  @Optional()
  @Text(1, 64)
  service?: string;

  @Optional()
  @Text(1, 64)
  request_id?: string;

  @Optional()
  @IsDayOrInstant('start')
  from?: string;

  @Optional()
  @IsDayOrInstant('end')
  to?: string;
}

export class RequestsQuery extends RequestFilters {
  @Optional()
  @QueryInteger(1, 100)
  limit: number = 50;

  @Optional()
  @IsCursor()
  cursor?: string;
}

export class PartnerRequestsQuery extends RequestsQuery {
  @Optional()
  @IsId()
  org_id?: string;
}

export class OperatorRequestsQuery extends PartnerRequestsQuery {
  @Optional()
  @IsId()
  partner_id?: string;
}

export class RequestSummaryQuery {
  @Optional()
  @IsDayOrInstant('start')
  from?: string;

  @Optional()
  @IsDayOrInstant('end')
  to?: string;

  @Optional()
  @IsId()
  api_key_id?: string;
}
