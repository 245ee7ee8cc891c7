import { join } from 'node:path';
import { type AuditExportConfig, auditExportOf } from './audit-export-settings.js';
import { type LanguageModelConfig, languageModelOf } from './language-model-settings.js';
import { type TelemetryConfig, telemetryOf } from './telemetry-settings.js';
import { type ObjectStorageConfig, objectStorageOf } from './object-storage-settings.js';
import { redisOf, type RedisSettings } from './redis-settings.js';
import { settingReader, type Environment, type Selection, type SettingReader } from './setting-reader.js';

/** The most requests per window. Each name includes its window. */
export interface Limits {
  /** Of one operator key. */
  readonly operatorPerMinute: number;
  readonly partnerPerMinute: number;
  readonly loginLinksPerMinute: number;
  readonly orgCreatePerMinute: number;
  readonly agentKeyPerMinute: number;
  readonly agentKeyPerHour: number;
  readonly orgKeyPerMinute: number;
  readonly orgKeyPerHour: number;
  /** The highest limit that a key can get. */
  readonly ceilingPerMinute: number;
  readonly ceilingPerHour: number;
  readonly sessionPerMinute: number;
  readonly authFailuresPerMinute: number;
  /** Shared by all keys of an org. */
  readonly orgPerMinute: number;
  readonly orgPerHour: number;
  /** Shared by all keys of all orgs of a partner. */
  readonly partnerOrgsPerMinute: number;
  /** Of one client address at one public webhook. */
  readonly publicTriggerPerMinute: number;
  /** Of one client address at all help centers. */
  readonly helpCenterPerMinute: number;
  /** Of one client address that asks for the revocation of credentials. */
  readonly revocationRequestsPerHour: number;
  /** Of all client addresses at one public webhook. */
  readonly webhookPerMinute: number;
  /** Shared by all public webhooks of an org. */
  readonly orgWebhooksPerMinute: number;
}

/** The most rows, or megabytes, at a time. */
export interface Totals {
  /** Keys that are neither revoked nor expired. */
  readonly activeKeysPerOrg: number;
  readonly membersPerOrg: number;
  readonly datasourcesPerOrg: number;
  readonly storageMegabytesPerOrg: number;
  /** Orgs that are not archived. */
  readonly orgsPerPartner: number;
}

/** A place for uploaded files: the folder, or object storage. */
export type StoreName = 'local' | 's3';

export interface CrawlConfig {
  /** Until the last byte of a page. */
  readonly pageTimeoutSeconds: number;
  /** Between two pages of one site, unless its robots.txt asks for a longer delay. */
  readonly delayMs: number;
}

export interface RequestLogConfig {
  readonly requests: 'off' | 'refusals' | 'changes' | 'all';
  /** Of one process. */
  readonly rowsPerSecond: number;
  /** Before today. */
  readonly days: number;
}

export interface WhatsAppConfig {
  /** Of an API like WhatsApp's Cloud API, including the version, without a trailing slash. */
  readonly baseUrl: string;
  readonly token: string;
}

export interface SecretScanningConfig {
  /** Of GitHub's REST API, which publishes the keys of its reports; without a trailing slash. */
  readonly githubApiUrl: string;
}

export interface Config extends RedisSettings {
  readonly host: string;
  readonly port: number;
  /** Where clients reach the API, without a trailing slash. */
  readonly publicUrl: string;
  /** Where people reach the dashboard, without a trailing slash. */
  readonly dashboardUrl: string;
  /** Undefined: the embedded Postgres in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** For the connection that uses LISTEN, which a transaction pooler would break. Defaults to `databaseUrl`. */
  readonly databaseDirectUrl: string | undefined;
  /** Only for migrations. Undefined: the role of `databaseUrl` runs them, if it owns the tables. */
  readonly databaseOwnerUrl: string | undefined;
  readonly databasePoolSize: number;
  /** Until Postgres cancels a request's statement. Connecting may take half as long. */
  readonly databaseStatementTimeoutMs: number;
  /** `off`: statements go through pg's public interface only. */
  readonly databaseFastLane: 'on' | 'off';
  /** `strict`: without a lease that a standby confirmed, credentials are refused (503) instead of read. */
  readonly freshness: 'standard' | 'strict';
  readonly dataDir: string;
  /** Where new files go. */
  readonly filesStore: StoreName;
  /** For uploaded files. Shared by all processes while it has complete files. */
  readonly filesDir: string;
  /** Undefined: there is none. */
  readonly objectStorage: ObjectStorageConfig | undefined;
  /** 32 bytes. Undefined, with the embedded database only: made once and kept in `dataDir`. */
  readonly encryptionKey: Buffer | undefined;
  /** 32 bytes each. They decrypt, like `encryptionKey`, and never encrypt. */
  readonly encryptionKeysOld: readonly Buffer[];
  /** As written; `access/network/client-ip.ts` parses it. */
  readonly trustedProxies: string;
  /** In MaxMind's format. Undefined: countries of client addresses are unknown. */
  readonly countryFile: string | undefined;
  /** Where the telephony accepts SIP calls: a host, with or without a port. */
  readonly sipDomain: string;
  readonly keyPrefix: string;
  readonly keyEnvironment: 'live' | 'test';
  /** Names are validated by `access/scopes/built-in-resources.ts`. */
  readonly builtInResources: Selection;
  readonly loginLinkConfirm: boolean;
  /** Called even at private addresses and without TLS: `host` or `host:port`. */
  readonly outboundAllowedHosts: readonly string[];
  /** Replaces a connector's base URL, by the connector's key. May hold placeholders such as `{shop}`. */
  readonly integrationBaseUrls: Readonly<Record<string, string>>;
  /** Required to read /metrics from another machine. Undefined: other machines can't read them. */
  readonly metricsToken: string | undefined;
  /** Undefined: no answers are generated. */
  readonly languageModel: LanguageModelConfig | undefined;
  readonly crawl: CrawlConfig;
  /** Undefined: messages stay in the outbox. */
  readonly whatsApp: WhatsAppConfig | undefined;
  /** Undefined: reports of GitHub's secret scanning are not taken. */
  readonly secretScanning: SecretScanningConfig | undefined;
  /** With user and password if the server requires them. Undefined: mail stays in the outbox. */
  readonly smtpUrl: string | undefined;
  /** The sender of the server's own mail. */
  readonly mailFrom: string;
  /** The name whose SPF record lists the sending servers. */
  readonly spfInclude: string;
  /** Resolvers for the records of domains: `address` or `address:port`. Empty: the system's. */
  readonly dnsServers: readonly string[];
  readonly auditExport: AuditExportConfig;
  readonly requestLog: RequestLogConfig;
  /** Undefined: nothing is loaded or sent. */
  readonly telemetry: TelemetryConfig | undefined;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
  readonly limits: Limits;
  readonly totals: Totals;
}

export const CONFIG = Symbol('Config');

/**
 * Parses the environment into a typed, frozen configuration.
 * @throws ConfigError with every invalid setting
 */
export function loadConfig(environment: Environment): Config {
  const read = settingReader(environment);
  const host = read.text('HOST', '127.0.0.1');
  const dataDir = read.text('DATA_DIR', '.data');
  const port = read.integer('PORT', 3000, { min: 0, max: 65_535 });
  const publicUrl = read.rootUrl('PUBLIC_URL', `http://${host}:${port}`);
  const databaseUrl = read.databaseUrl('DATABASE_URL');
  const databaseOwnerUrl = read.databaseUrl('DATABASE_OWNER_URL');
  if (databaseOwnerUrl && !databaseUrl) read.refuse('DATABASE_OWNER_URL', 'requires DATABASE_URL');
  const freshness = read.oneOf('FRESHNESS', 'standard', ['standard', 'strict']);
  if (freshness === 'strict' && !databaseUrl) {
    read.refuse('DATABASE_URL', 'is required with FRESHNESS=strict: the embedded Postgres has no standby');
  }
  const encryptionKey = read.optionalBase64('ENCRYPTION_KEY', 32);
  if (databaseUrl && !encryptionKey) {
    read.refuse('ENCRYPTION_KEY', 'is required with DATABASE_URL (32 bytes, base64: openssl rand -base64 32)');
  }
  const objectStorage = objectStorageOf(read);
  const filesStore = read.oneOf('FILES_STORE', 'local', ['local', 's3']);
  if (filesStore === 's3' && !objectStorage) read.refuse('S3_BUCKET', 'is required with FILES_STORE=s3');
  const config: Config = {
    host,
    port,
    publicUrl,
    dashboardUrl: read.rootUrl('DASHBOARD_URL', publicUrl),
    databaseUrl,
    databaseDirectUrl: read.databaseUrl('DATABASE_DIRECT_URL') ?? databaseUrl,
    databaseOwnerUrl,
    databasePoolSize: read.integer('DATABASE_POOL_SIZE', 10, { min: 2, max: 200 }),
    databaseStatementTimeoutMs: read.integer('DATABASE_STATEMENT_TIMEOUT_MS', 3_000, { min: 500, max: 300_000 }),
    freshness,
    databaseFastLane: read.oneOf('DATABASE_FAST_LANE', 'on', ['on', 'off']),
    ...redisOf(read),
    dataDir,
    filesStore,
    filesDir: read.text('FILES_DIR', join(dataDir, 'files')),
    objectStorage,
    encryptionKey,
    encryptionKeysOld: read.base64List('ENCRYPTION_KEYS_OLD', 32),
    trustedProxies: read.text('TRUSTED_PROXIES', 'loopback'),
    countryFile: read.text('COUNTRY_FILE', '') || undefined,
    sipDomain: read.matching('SIP_DOMAIN', new URL(publicUrl).hostname, /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i),
    keyPrefix: read.matching('KEY_PREFIX', 'ocx', /^[a-z][a-z0-9]{1,11}$/),
    keyEnvironment: read.oneOf('KEY_ENVIRONMENT', 'live', ['live', 'test']),
    outboundAllowedHosts: read.hosts('OUTBOUND_ALLOWED_HOSTS'),
    integrationBaseUrls: read.urlsByName('INTEGRATION_BASE_URLS', ['http', 'https']),
    builtInResources: read.selection('BUILT_IN_RESOURCES'),
    loginLinkConfirm: read.boolean('LOGIN_LINK_CONFIRM', false),
    metricsToken: read.optionalMatching('METRICS_TOKEN', /^[\x21-\x7e]{16,}$/),
    languageModel: languageModelOf(read),
    crawl: {
      pageTimeoutSeconds: read.integer('CRAWL_PAGE_TIMEOUT_SECONDS', 20, { min: 1, max: 300 }),
      delayMs: read.integer('CRAWL_DELAY_MS', 250, { min: 0, max: 60_000 }),
    },
    whatsApp: whatsAppOf(read),
    secretScanning: secretScanningOf(read),
    smtpUrl: read.optionalUrl('SMTP_URL', ['smtp', 'smtps']),
    mailFrom: read.matching('MAIL_FROM', `no-reply@${new URL(publicUrl).hostname}`, /^[^\s@<>]{1,64}@[^\s@<>]{1,253}$/),
    spfInclude: read.matching('SPF_INCLUDE', new URL(publicUrl).hostname, /^[\w.-]{1,253}$/),
    dnsServers: read.hosts('DNS_SERVERS'),
    auditExport: auditExportOf(read, objectStorage),
    requestLog: {
      requests: read.oneOf('REQUEST_LOG', 'changes', ['off', 'refusals', 'changes', 'all']),
      rowsPerSecond: read.integer('REQUEST_LOG_ROWS_PER_SECOND', 500, { min: 1, max: 10_000 }),
      days: read.integer('REQUEST_LOG_DAYS', 30, { min: 1, max: 3_650 }),
    },
    telemetry: telemetryOf(read),
    logLevel: read.oneOf('LOG_LEVEL', 'warn', ['fatal', 'error', 'warn', 'info', 'debug', 'silent']),
    limits: limitsOf(read),
    totals: {
      activeKeysPerOrg: read.limit('LIMIT_ACTIVE_KEYS_PER_ORG', 500),
      membersPerOrg: read.limit('LIMIT_MEMBERS_PER_ORG', 1_000),
      datasourcesPerOrg: read.limit('LIMIT_DATASOURCES_PER_ORG', 100),
      storageMegabytesPerOrg: read.limit('LIMIT_STORAGE_MB_PER_ORG', 10_240),
      orgsPerPartner: read.limit('LIMIT_ORGS_PER_PARTNER', 10_000),
    },
  };
  read.throwIfRefused();
  return Object.freeze(config);
}

/** A shared limit's default follows from the limit of one key, so that a raised limit takes effect. */
function limitsOf(read: SettingReader): Limits {
  const orgKeyPerMinute = read.limit('LIMIT_ORG_KEY_PER_MINUTE', 1_000);
  const orgKeyPerHour = read.limit('LIMIT_ORG_KEY_PER_HOUR', 10_000);
  const agentKeyPerMinute = read.limit('LIMIT_AGENT_KEY_PER_MINUTE', 60);
  const agentKeyPerHour = read.limit('LIMIT_AGENT_KEY_PER_HOUR', 1_000);
  const ceilingPerMinute = read.limit('LIMIT_CEILING_PER_MINUTE', 1_000);
  const ceilingPerHour = read.limit('LIMIT_CEILING_PER_HOUR', 10_000);
  const keyPerMinute = Math.max(orgKeyPerMinute, agentKeyPerMinute, ceilingPerMinute);
  const keyPerHour = Math.max(orgKeyPerHour, agentKeyPerHour, ceilingPerHour);
  const orgPerMinute = read.limit('LIMIT_ORG_PER_MINUTE', 10 * keyPerMinute);
  const publicTriggerPerMinute = read.limit('LIMIT_PUBLIC_TRIGGER_PER_MINUTE', 60);
  const webhookPerMinute = read.limit('LIMIT_WEBHOOK_PER_MINUTE', Math.max(200, publicTriggerPerMinute));
  return {
    operatorPerMinute: read.limit('LIMIT_OPERATOR_PER_MINUTE', 600),
    partnerPerMinute: read.limit('LIMIT_PARTNER_PER_MINUTE', 100),
    loginLinksPerMinute: read.limit('LIMIT_LOGIN_LINKS_PER_MINUTE', 30),
    orgCreatePerMinute: read.limit('LIMIT_ORG_CREATE_PER_MINUTE', 60),
    agentKeyPerMinute,
    agentKeyPerHour,
    orgKeyPerMinute,
    orgKeyPerHour,
    ceilingPerMinute,
    ceilingPerHour,
    orgPerMinute,
    orgPerHour: read.limit('LIMIT_ORG_PER_HOUR', 10 * keyPerHour),
    partnerOrgsPerMinute: read.limit('LIMIT_PARTNER_ORGS_PER_MINUTE', 10 * orgPerMinute),
    sessionPerMinute: read.limit('LIMIT_SESSION_PER_MINUTE', 300),
    authFailuresPerMinute: read.limit('LIMIT_AUTH_FAILURES_PER_MINUTE', 300),
    publicTriggerPerMinute,
    helpCenterPerMinute: read.limit('LIMIT_HELP_CENTER_PER_MINUTE', 300),
    revocationRequestsPerHour: read.limit('LIMIT_REVOCATION_REQUESTS_PER_HOUR', 60),
    webhookPerMinute,
    orgWebhooksPerMinute: read.limit('LIMIT_ORG_WEBHOOKS_PER_MINUTE', 3 * webhookPerMinute),
  };
}

function whatsAppOf(read: SettingReader): WhatsAppConfig | undefined {
  const baseUrl = read.optionalUrl('WHATSAPP_BASE_URL', ['http', 'https']);
  const token = read.text('WHATSAPP_TOKEN', '');
  if (baseUrl === undefined) return undefined;
  if (token === '') read.refuse('WHATSAPP_TOKEN', 'is required with WHATSAPP_BASE_URL');
  return { baseUrl, token };
}

function secretScanningOf(read: SettingReader): SecretScanningConfig | undefined {
  const githubApiUrl = read.optionalUrl('GITHUB_API_URL', ['http', 'https']) ?? 'https://api.github.com';
  return read.boolean('GITHUB_SECRET_SCANNING', false) ? { githubApiUrl } : undefined;
}
