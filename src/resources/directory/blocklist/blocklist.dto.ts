import { Nullable, Optional, Text } from '../../../core/validation/decorators.js';
import { IsEmailAddress } from '../../../core/validation/field-types.js';
import { About, Field } from '../../../core/wire/field.js';
import { INTEGER, listOf, TEXT } from '../../../core/wire/schema.js';
import { BlockedDomain } from './blocked-domain.entity.js';

abstract class ReasonDto {
  @Optional()
  @Nullable()
  @Text(0, 500)
  reason: string | null = null;
}

export class BlockContactDto extends ReasonDto {
  @IsEmailAddress()
  email: string;
}

export class BlockDomainsDto extends ReasonDto {
  // `parseDomains` validates each domain.
  @About('Separated by commas.')
  @Text(1, 30_000)
  domains: string;
}

class BlockedDomainsSummary {
  @Field(INTEGER)
  total: number;

  @Field(INTEGER)
  blocked: number;

  @Field(INTEGER)
  skipped: number;
}

/** `skipped` domains were blocked before. */
export class BlockedDomainsReport {
  @Field(listOf(BlockedDomain))
  blocked: Omit<BlockedDomain, 'org_id'>[];

  @Field(listOf(TEXT))
  skipped: string[];

  @Field()
  summary: BlockedDomainsSummary;
}
