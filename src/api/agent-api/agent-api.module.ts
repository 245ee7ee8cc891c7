import { Module, type OnModuleInit } from '@nestjs/common';
import { AgentsModule } from '../../tenancy/agents/agents.module.js';
import { Agents } from '../../tenancy/agents/agents.service.js';
import { Files } from '../../kit/files/files.service.js';
import { AgentContactFilesController } from './contact-files/agent-contact-files.controller.js';
import { AgentContactFiles } from './contact-files/agent-contact-files.service.js';
import { AgentContactsController } from './contacts/agent-contacts.controller.js';
import { AgentContacts } from './contacts/agent-contacts.service.js';
import { ExtractionWorker } from './document-extraction/extraction-worker.js';
import { DocumentExtractionController } from './document-extraction/extractions.controller.js';
import { Extractions } from './document-extraction/extractions.service.js';

/** `/v1/open`: the API for keys of one agent [S3]. */
@Module({
  imports: [AgentsModule],
  controllers: [AgentContactsController, AgentContactFilesController, DocumentExtractionController],
  providers: [AgentContacts, AgentContactFiles, Extractions, ExtractionWorker],
})
export class AgentApiModule implements OnModuleInit {
  constructor(
    private readonly agents: Agents,
    private readonly files: Files,
  ) {}

  /** Deletes files with their agent. Foreign keys delete the rows. */
  onModuleInit(): void {
    this.agents.beforeDeletion((manager) => this.files.sweepSoon(manager));
  }
}
