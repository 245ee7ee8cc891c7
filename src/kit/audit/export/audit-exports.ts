import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type AuditExportState, AuditExportStates } from '../../../access/ports/audit-export-states.js';
import { CONFIG, type Config } from '../../../core/config/config.js';
import { serverVersion } from '../../../core/config/version.js';
import { Database } from '../../../core/database/database.js';
import { LOG, type Log } from '../../../core/logging/log.js';
import { AuditKeys } from '../audit-keys.js';
import { AuditExporter } from './audit-exporter.js';
import { ExportCursor } from './export-cursor.js';
import { auditExportStates } from './export-states.js';
import { openSinks, sinkNames } from './open-sinks.js';

/** Exports the audit to the configured sinks, each at its own pace. */
@Injectable()
export class AuditExports extends AuditExportStates implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #exporters: readonly AuditExporter[] = [];
  #stopped: Promise<unknown> | undefined;

  constructor(
    private readonly database: Database,
    private readonly keys: AuditKeys,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOG) private readonly log: Log,
  ) {
    super();
  }

  async onApplicationBootstrap(): Promise<void> {
    const { database, keys, log } = this;
    const sinks = await openSinks(this.config);
    this.#exporters = sinks.map((sink) => {
      const cursor = new ExportCursor(database, sink.name);
      return new AuditExporter(sink, cursor, database, keys, serverVersion(), log);
    });
    for (const exporter of this.#exporters) exporter.start();
    database.beforeClose(() => this.#stop());
  }

  /** In parallel to the last requests. */
  beforeApplicationShutdown(): void {
    void this.#stop();
  }

  override async read(): Promise<readonly AuditExportState[]> {
    const names = sinkNames(this.config);
    return names.length === 0 ? [] : auditExportStates(this.database.query, names);
  }

  async #stop(): Promise<void> {
    this.#stopped ??= Promise.all(this.#exporters.map((exporter) => exporter.stop()));
    await this.#stopped;
  }
}
