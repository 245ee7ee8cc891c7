import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Verdict } from '../../access/credentials/verdict.js';
import { CredentialCache } from '../../access/freshness/credential-cache.js';
import { Refusals } from '../../access/guards/refusals.js';
import { type AuditExportState, AuditExportStates } from '../../access/ports/audit-export-states.js';
import { KeyFindingCounts } from '../../access/ports/key-finding-counts.js';
import { KeyNoticeResults } from '../../access/ports/key-notice-results.js';
import { RequestRecorder } from '../../access/ports/request-recorder.js';
import { Lease } from '../../access/freshness/lease.js';
import { RateLimitStorage } from '../../access/rate-limit/rate-limit-storage.js';
import { SecretVerifier } from '../../access/credentials/secret-verifier.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import type { MetricDefinition, Sample } from './read-metric.js';

/** Metrics of existing counters, read by each scrape. No label names a key, an org or a person. */
@Injectable()
export class ServerMetrics {
  constructor(
    private readonly refusals: Refusals,
    private readonly recorder: RequestRecorder,
    private readonly findings: KeyFindingCounts,
    private readonly notices: KeyNoticeResults,
    private readonly auditExports: AuditExportStates,
    @Inject(CredentialCache) private readonly cache: CredentialCache<Verdict>,
    private readonly lease: Lease,
    private readonly secrets: SecretVerifier,
    private readonly rateLimits: RateLimitStorage,
    private readonly database: Database,
    private readonly jobs: Jobs,
    @Inject(CONFIG) private readonly config: Pick<Config, 'redis'>,
  ) {}

  definitions(): MetricDefinition[] {
    const { cache, lease, secrets, database } = this;
    return [
      {
        name: 'gatehouse_guard_refusals_total',
        help: 'Requests that a guard sent away, by guard and reason.',
        type: 'counter',
        read: () =>
          [...this.refusals.counts].flatMap(([guard, reasons]) =>
            [...reasons].map(([reason, value]) => ({ labels: { guard, reason }, value })),
          ),
      },
      {
        name: 'gatehouse_request_log_requests_total',
        help: 'Requests for the log: stored, merged into the weight of another, or dropped because the database was away.',
        type: 'counter',
        read: () => labelled('result', this.recorder.counts),
      },
      {
        name: 'gatehouse_credential_cache_lookups_total',
        help: 'Look-ups of credentials in memory: hit, known_refusal, miss, or deaf while the lease is not trusted.',
        type: 'counter',
        read: () => {
          const { hits, knownRefusals, misses, deaf } = cache.counts;
          return labelled('result', { hit: hits, known_refusal: knownRefusals, miss: misses, deaf });
        },
      },
      gauge('gatehouse_credential_cache_entries', 'Credentials in memory.', () => cache.size),
      gauge('gatehouse_lease_trusted', '1: memory may answer; 0: every credential is read from the database.', () =>
        Number(lease.trusted()),
      ),
      gauge('gatehouse_lease_age_seconds', 'Since the last good renewal of the lease was sent.', () => {
        return lease.state().leaseAgeMs / 1000;
      }),
      {
        name: 'gatehouse_argon2_verifications_total',
        help: 'Secrets that were verified with argon2.',
        type: 'counter',
        read: () => [{ value: secrets.verifications }],
      },
      gauge('gatehouse_argon2_waiting', 'Secrets that wait for their verification.', () => secrets.waiting),
      {
        name: 'gatehouse_rate_limit_mode',
        help: '1 for how limits are counted: memory (no Redis is configured), redis, partly (a part of the cluster is away), or away (each alone).',
        type: 'gauge',
        read: () => {
          const mode = this.#rateLimitMode();
          return labelled('mode', Object.fromEntries(MODES.map((each) => [each, Number(each === mode)])));
        },
      },
      {
        name: 'gatehouse_database_pool_connections',
        help: 'Connections of the pool, busy and idle.',
        type: 'gauge',
        read: () => {
          const { totalCount, idleCount } = database.pool;
          return labelled('state', { busy: totalCount - idleCount, idle: idleCount });
        },
      },
      gauge(
        'gatehouse_database_pool_waiting',
        'Callers that wait for a connection of the pool.',
        () => database.pool.queueLength,
      ),
      {
        name: 'gatehouse_jobs',
        help: 'Jobs by state, as of some seconds ago; none while the database is away.',
        type: 'gauge',
        read: () => this.#jobs(),
      },
      {
        name: 'gatehouse_key_findings',
        help: 'Active keys of orgs by finding, as of some minutes ago; none until they are counted.',
        type: 'gauge',
        read: () => this.#findings(),
      },
      {
        name: 'gatehouse_audit_export_lag_seconds',
        help: 'By sink: every audit entry that is older has been delivered. None while the database is away.',
        type: 'gauge',
        read: () => this.#auditExports(({ lagSeconds }) => lagSeconds),
      },
      {
        name: 'gatehouse_audit_export_failing',
        help: '1: the last delivery to the sink failed, and is tried again.',
        type: 'gauge',
        read: () => this.#auditExports(({ failingSince }) => Number(failingSince !== null)),
      },
      {
        name: 'gatehouse_key_notices_total',
        help: 'Notices that keys expire or are idle: recorded as an event, mailed, or skipped. One per recipient group.',
        type: 'counter',
        read: () =>
          this.notices.read().map(({ event, result, count }) => ({ labels: { event, result }, value: count })),
      },
    ];
  }

  async #findings(): Promise<Sample[]> {
    const counts = await soon(this.findings.read(), new Map<string, number>());
    return [...counts].map(([finding, value]) => ({ labels: { finding }, value }));
  }

  async #auditExports(valueOf: (state: AuditExportState) => number): Promise<Sample[]> {
    const states = await soon(this.auditExports.read(), []);
    return states.map((state) => ({ labels: { sink: state.sink }, value: valueOf(state) }));
  }

  async #jobs(): Promise<Sample[]> {
    const known = await soon(this.jobs.depths(), []);
    return known.flatMap(({ job, ...states }) =>
      Object.entries(states).map(([state, value]) => ({ labels: { job, state }, value })),
    );
  }

  #rateLimitMode(): (typeof MODES)[number] {
    if (this.config.redis === undefined) return 'memory';
    return ({ shared: 'redis', partly: 'partly', alone: 'away' } as const)[this.rateLimits.mode];
  }
}

const SQL_WITHIN_MS = 1_000;
const MODES = ['memory', 'redis', 'partly', 'away'] as const;

/** For metrics that need SQL: a slow or absent database must not fail the whole scrape. */
function soon<T>(read: Promise<T>, otherwise: T): Promise<T> {
  return Promise.race([read.catch(() => otherwise), pause(SQL_WITHIN_MS, otherwise, { ref: false })]);
}

function gauge(name: string, help: string, read: () => number): MetricDefinition {
  return { name, help, type: 'gauge', read: () => [{ value: read() }] };
}

function labelled(label: string, values: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(values).map(([value, count]) => ({ labels: { [label]: value }, value: count }));
}
