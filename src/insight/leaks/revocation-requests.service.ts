import { type BeforeApplicationShutdown, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { accessErrors } from '../../access/errors/access.errors.js';
import { AuthFailures } from '../../access/credentials/auth-failures.js';
import { digestOf } from '../../access/credentials/credential-format.js';
import { SecretVerifier } from '../../access/credentials/secret-verifier.js';
import { Database } from '../../core/database/database.js';
import { inTransaction } from '../../core/database/transaction.js';
import { defineJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { Exposures, type Report } from './exposures.service.js';
import { type FoundCredential, ReportedCredentials } from './reported-credentials.js';

/** The most argon2 runs of one request. */
const PAIR_RUNS_MAX = 10;
/** Requests of this process whose pairs are being verified. */
const PAIRS_PENDING_MAX = 20;

interface RevocationInput extends Report {
  readonly orgId: 'installation';
  /** SHA-256 of each credential. */
  readonly digests: readonly string[];
}

const REVOCATION = defineJob<RevocationInput>({
  name: 'credential-revocation',
  retries: 60,
  retryAfterSeconds: 2,
  secondsMax: 60,
  atOnce: 2,
});

/** Where the holder found it is unknown. */
const NOWHERE = [{ url: '', found_in: null }];

/**
 * Revokes credentials for their holders. No answer, and no time until an answer, depends on whether a credential
 * exists: the database looks for it afterwards.
 */
@Injectable()
export class RevocationRequests implements OnModuleInit, BeforeApplicationShutdown {
  readonly #pending = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly failures: AuthFailures,
    private readonly secrets: SecretVerifier,
    private readonly credentials: ReportedCredentials,
    private readonly exposures: Exposures,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(REVOCATION, { run: (input) => this.#revoke(input) });
  }

  /** Pairs in memory can't outlive the process. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#pending);
  }

  /**
   * Resolves when the work on bearer tokens is stored. Pairs are verified after the answer, and lost if the process dies
   * meanwhile: their secrets must not be stored.
   * @param network of the client, for the limit of wrong secrets
   * @throws AppError verification_busy (503), which depends on the load only
   */
  async take(tokens: readonly string[], client: { ip: string | null; network: string }, requestId: string) {
    const report: Report = { reportedBy: 'holder', ip: client.ip, requestId };
    const { bearer, pair_key, pair_secret } = await this.credentials.sorted(tokens);
    const hasPairs = pair_key.length > 0 && pair_secret.length > 0;
    if (hasPairs && this.#pending.size >= PAIRS_PENDING_MAX) throw accessErrors.verification_busy();
    if (bearer.length > 0) {
      const input: RevocationInput = { ...report, orgId: 'installation', digests: bearer.map(digestOf) };
      await inTransaction(this.database.dataSource, (manager) => this.jobs.enqueue(manager, REVOCATION, input));
    }
    if (hasPairs) this.#startPairs(report, client.network, pair_key, pair_secret);
  }

  async #revoke({ digests, orgId: _, ...report }: RevocationInput): Promise<void> {
    const found = [...(await this.credentials.find(digests)).values()];
    // The public half of a pair is no credential.
    await this.#report(
      report,
      found.filter(({ secret_hash }) => secret_hash === null),
    );
  }

  #startPairs(report: Report, network: string, keys: readonly string[], secrets: readonly string[]): void {
    const work = this.#pairs(report, network, keys, secrets)
      .catch((error: unknown) => this.log.warn({ err: error }, 'a reported key with a secret was not revoked'))
      .finally(() => this.#pending.delete(work));
    this.#pending.add(work);
  }

  async #pairs(report: Report, network: string, keys: readonly string[], secrets: readonly string[]): Promise<void> {
    const matches = (secret: string, { secret_hash, key_id }: FoundCredential) =>
      this.failures.attempt(
        network,
        () => this.secrets.matches(secret, secret_hash!, key_id),
        (isRight) => !isRight,
      );
    const pairs = await this.credentials.findPairs(keys, secrets, PAIR_RUNS_MAX, matches);
    await this.#report(
      report,
      pairs.map(({ found }) => found),
    );
  }

  async #report(report: Report, found: readonly FoundCredential[]): Promise<void> {
    if (found.length === 0) return;
    const reports = found.map((credential) => ({ credential, places: NOWHERE }));
    await inTransaction(this.database.dataSource, (manager) => this.exposures.report(manager, report, reports));
  }
}
