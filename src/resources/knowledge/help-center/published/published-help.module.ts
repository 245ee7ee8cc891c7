import { Global, Module } from '@nestjs/common';
import { HostPages } from '../../../../core/http/host-pages.js';
import { ArticleHtml } from './article-html.js';
import { CustomDomainController, HelpPagesController } from './help-pages.controller.js';
import { HelpPages } from './help-pages.service.js';
import { PublishedHelpController } from './published-help.controller.js';
import { PublishedHelp } from './published-help.service.js';
import { RecentBodies } from './recent-bodies.js';

/** What readers see of help centers, as JSON and as pages. Implements `HostPages`. */
@Global()
@Module({
  controllers: [PublishedHelpController, HelpPagesController, CustomDomainController],
  providers: [PublishedHelp, RecentBodies, ArticleHtml, HelpPages, { provide: HostPages, useExisting: HelpPages }],
  exports: [HostPages, RecentBodies],
})
export class PublishedHelpModule {}
