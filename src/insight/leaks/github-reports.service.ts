import { Injectable } from '@nestjs/common';
import { AuthFailures } from '../../access/credentials/auth-failures.js';
import { digestOf } from '../../access/credentials/credential-format.js';
import { SecretVerifier } from '../../access/credentials/secret-verifier.js';
import { Database } from '../../core/database/database.js';
import { inTransaction } from '../../core/database/transaction.js';
import { Exposures, type Place, PLACES_MAX } from './exposures.service.js';
import { GithubKeys } from './github-keys.js';
import { githubMatches, type GithubMatch } from './github-report.js';
import { leakErrors } from './leaks.errors.js';
import { type FoundCredential, ReportedCredentials } from './reported-credentials.js';

/** The most argon2 runs of one report. */
const PAIR_RUNS_MAX = 50;

/** GitHub's form of feedback on a match. */
export interface SecretLabel {
  /** SHA-256, in hex. */
  readonly token_hash: string;
  readonly token_type: string;
  readonly label: 'true_positive' | 'false_positive';
}

export interface SignedReport {
  readonly body: string;
  readonly keyId: string;
  readonly signature: string;
  /** Of the client, for the limit of wrong signatures. */
  readonly network: string;
  readonly requestId: string;
}

/** Takes GitHub's reports of credentials in public places. */
@Injectable()
export class GithubReports {
  constructor(
    private readonly database: Database,
    private readonly keys: GithubKeys,
    private readonly failures: AuthFailures,
    private readonly secrets: SecretVerifier,
    private readonly credentials: ReportedCredentials,
    private readonly exposures: Exposures,
  ) {}

  /**
   * Labels each match, and stores the work on found keys before it returns. A half of a pair without the other half gets no
   * label, because nothing tells whether it is real.
   * @throws AppError report_signature_wrong (403), invalid_request (400), github_keys_unavailable, verification_busy (503),
   *   rate_limited (429) after too many wrong signatures of the network
   */
  async take({ body, keyId, signature, network, requestId }: SignedReport): Promise<SecretLabel[]> {
    const isSigned = await this.failures.attempt(
      network,
      () => this.keys.isSigned(Buffer.from(body), keyId, signature),
      (signed) => !signed,
    );
    if (!isSigned) throw leakErrors.report_signature_wrong();
    const matches = githubMatches(body);
    const { found, undecided } = await this.#find(matches);
    const reports = [...placesByCredential(matches, found)].map(([credential, places]) => ({ credential, places }));
    if (reports.length > 0) {
      await inTransaction(this.database.dataSource, (manager) =>
        this.exposures.report(manager, { reportedBy: 'github', ip: null, requestId }, reports),
      );
    }
    return labelsOf(matches, found, undecided);
  }

  /** The credentials by token. A pair has two tokens. */
  async #find(matches: readonly GithubMatch[]) {
    const sorted = await this.credentials.sorted(matches.map(({ token }) => token));
    const byDigest = await this.credentials.find(sorted.bearer.map(digestOf));
    const found = new Map<string, FoundCredential>();
    for (const token of sorted.bearer) {
      const credential = byDigest.get(digestOf(token));
      if (credential !== undefined) found.set(token, credential);
    }
    const [keys, secrets] = [new Set(sorted.pair_key), new Set(sorted.pair_secret)];
    let runsLeft = PAIR_RUNS_MAX;
    for (const tokens of tokensByUrl(matches)) {
      const inFile = [tokens.filter((token) => keys.has(token)), tokens.filter((token) => secrets.has(token))] as const;
      const pairs = await this.credentials.findPairs(...inFile, runsLeft, (secret, { secret_hash, key_id }) => {
        runsLeft--;
        return this.secrets.matches(secret, secret_hash!, key_id);
      });
      for (const { key, secret, found: credential } of pairs) found.set(key, credential).set(secret, credential);
    }
    const undecided = new Set([...keys, ...secrets].filter((token) => !found.has(token)));
    return { found, undecided };
  }
}

function tokensByUrl(matches: readonly GithubMatch[]): Iterable<string[]> {
  const byUrl = new Map<string, Set<string>>();
  for (const { url, token } of matches) byUrl.set(url, (byUrl.get(url) ?? new Set()).add(token));
  return [...byUrl.values()].map((tokens) => [...tokens]);
}

function placesByCredential(
  matches: readonly GithubMatch[],
  found: ReadonlyMap<string, FoundCredential>,
): Map<FoundCredential, Place[]> {
  const places = new Map<FoundCredential, Place[]>();
  for (const { token, url, foundIn } of matches) {
    const credential = found.get(token);
    if (credential === undefined) continue;
    const known = places.get(credential) ?? [];
    places.set(credential, known);
    if (known.length < PLACES_MAX && !known.some((place) => place.url === url)) known.push({ url, found_in: foundIn });
  }
  return places;
}

function labelsOf(
  matches: readonly GithubMatch[],
  found: ReadonlyMap<string, FoundCredential>,
  undecided: ReadonlySet<string>,
): SecretLabel[] {
  const decided = matches.filter(({ token }) => !undecided.has(token));
  const labels = decided.map(({ token, type }): SecretLabel => {
    return {
      token_hash: digestOf(token),
      token_type: type,
      label: found.has(token) ? 'true_positive' : 'false_positive',
    };
  });
  return [...new Map(labels.map((each) => [`${each.token_hash} ${each.token_type}`, each])).values()];
}
