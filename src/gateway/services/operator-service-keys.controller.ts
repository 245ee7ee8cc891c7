import { Body, Controller, Get, Header, Param, Post } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { Answers } from '../../core/wire/answers.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Id } from '../../kit/crud/id.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { ApiKeys } from '../../tenancy/api-keys/api-keys.service.js';
import { CreateServiceKeyDto, NewServiceKey, ServiceKey, serviceKey, ServiceKeys } from './service-key.dto.js';
import { Services } from './services.service.js';

/** The keys with which a service asks about its callers. */
@Controller('operator/v1/services/:service/keys')
export class OperatorServiceKeysController {
  constructor(
    private readonly services: Services,
    private readonly apiKeys: ApiKeys,
  ) {}

  @Get()
  @ForAudience('operator')
  @Answers(200, ServiceKeys, 'List the keys of a service')
  async list(@Param('service') slug: string): Promise<ServiceKeys> {
    const { row } = await this.services.read(slug);
    return { items: (await this.apiKeys.list({ serviceId: row.id })).map(serviceKey) };
  }

  @Post()
  @Header('Cache-Control', 'no-store')
  @ForAudience('operator')
  @Answers(201, NewServiceKey, 'Create a key of a service')
  @Idempotent()
  async create(
    @CurrentCaller() { actor }: Caller,
    @Param('service') slug: string,
    @Body() { name }: CreateServiceKeyDto,
  ): Promise<NewServiceKey> {
    const { row } = await this.services.read(slug);
    const { key, token } = await this.apiKeys.createForService(actor, row.id, name ?? undefined);
    return { ...serviceKey(key), api_key: token };
  }

  @Post(':key_id/revoke')
  @ForAudience('operator')
  @Answers(200, ServiceKey, 'Revoke a key of a service')
  @Idempotent()
  async revoke(
    @CurrentCaller() { actor }: Caller,
    @Param('service') slug: string,
    @Id('key_id') keyId: string,
  ): Promise<ServiceKey> {
    const { row } = await this.services.read(slug);
    await this.apiKeys.revoke(actor, { serviceId: row.id }, keyId);
    const keys = await this.apiKeys.list({ serviceId: row.id });
    return serviceKey(keys.find(({ id }) => id === keyId)!);
  }
}
