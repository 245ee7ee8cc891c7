import { Id, Nullable, Optional, Text } from '../../../core/validation/decorators.js';
import { Field } from '../../../core/wire/field.js';
import { INTEGER, nullable, oneOf, UUID } from '../../../core/wire/schema.js';

abstract class ReasonDto {
  @Optional()
  @Nullable()
  @Text(0, 500)
  reason: string | null = null;
}

export class RedactMessageDto extends ReasonDto {
  @Id()
  message_id: string;
}

export class RedactSessionDto extends ReasonDto {
  @Id()
  session_id: string;
}

/** The actor, with the name at that time. */
export class RedactionActor {
  @Field()
  type: string;

  @Field(nullable(UUID))
  id: string | null;

  @Field()
  name: string;
}

export class RedactionReport {
  @Field()
  success: boolean;

  @Field()
  message: string;

  @Field(UUID)
  item_id: string;

  @Field(oneOf(['message', 'session']))
  redaction_type: string;

  /** 0 if there was nothing to redact. */
  @Field(INTEGER)
  affected_count: number;
}

export class SessionRedactionReport extends RedactionReport {
  @Field(INTEGER)
  messages_redacted: number;
}
