import { Nullable, Optional, Text } from '../../validation/decorators.js';
import { IsEmailAddress } from '../../validation/field-types.js';

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
  /** Separated by commas; looked at one by one by `judgeDomains`. */
  @Text(1, 30_000)
  domains: string;
}
