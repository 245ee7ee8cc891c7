import { Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '../../core/config/config.js';
import { AllowedHosts } from './allowed-hosts.js';
import { LanguageModel } from './language-model.js';
import { LanguageModels } from './language-models.js';
import { Outbound } from './outbound.js';
import { WhatsApp } from './whatsapp.js';
import { WhatsAppCloud } from './whatsapp-cloud.js';

/** Outbound HTTP requests and the clients of external APIs. */
@Global()
@Module({
  providers: [
    {
      provide: Outbound,
      useFactory: (config: Config) => new Outbound(new AllowedHosts(config.outboundAllowedHosts)),
      inject: [CONFIG],
    },
    {
      provide: LanguageModels,
      useFactory: ({ languageModel }: Config) => new LanguageModels(languageModel && new LanguageModel(languageModel)),
      inject: [CONFIG],
    },
    {
      provide: WhatsApp,
      useFactory: ({ whatsApp }: Config) => new WhatsApp(whatsApp && new WhatsAppCloud(whatsApp)),
      inject: [CONFIG],
    },
  ],
  exports: [Outbound, LanguageModels, WhatsApp],
})
export class OutboundModule {}
