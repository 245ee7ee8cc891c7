import { readdirSync } from 'node:fs';
import { defineConfig } from 'oxlint';

/**
 * Imports go down only. Each folder of `src/` with what it may import beside itself; a folder that isn't here may
 * import nothing, so that a new one has to say where it stands.
 */
const LOWEST = ['config', 'encryption', 'errors', 'http', 'logging', 'validation', 'wire'];
const TOOLS = ['audit', 'domain-events', 'idempotency', 'jobs', 'lists', 'usage'];
const BASE = [...LOWEST, 'database', 'access', ...TOOLS];
const REACHES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(LOWEST.map((folder) => [folder, LOWEST])),
  database: LOWEST,
  access: [...LOWEST, 'database'],
  ...Object.fromEntries(TOOLS.map((folder) => [folder, [...LOWEST, 'database', 'access']])),
  audit: [...LOWEST, 'database', 'access', 'jobs', 'lists'],
  providers: [...LOWEST, 'access'],
  'resource-kit': [...BASE, 'idempotency'],

  retention: BASE,
  files: [...BASE, 'orgs'],
  documents: [...LOWEST, 'files'],
  mail: [...BASE, 'orgs'],
  partners: BASE,
  orgs: [...BASE, 'partners'],
  members: [...BASE, 'orgs'],
  'whatsapp-numbers': [...BASE, 'orgs', 'partners'],
  'signing-keys': BASE,
  agents: [...BASE, 'resource-kit', 'orgs'],
  'api-keys': [...BASE, 'orgs', 'partners', 'agents', 'signing-keys'],
  sessions: [...BASE, 'members'],
  dashboard: BASE,
  'login-links': [...BASE, 'partners', 'orgs', 'members', 'sessions', 'dashboard'],
  integrations: [...BASE, 'providers', 'resource-kit', 'orgs'],
  'partner-api': [...BASE, 'orgs', 'members', 'api-keys', 'login-links', 'integrations', 'whatsapp-numbers'],
  events: [...BASE, 'orgs', 'api-keys'],
  manage: [...BASE, 'resource-kit', 'orgs', 'members', 'agents', 'api-keys', 'events'],
  resources: [
    ...[...BASE, 'providers', 'resource-kit', 'files', 'documents', 'orgs', 'members', 'agents', 'mail'],
    'whatsapp-numbers',
  ],
  open: [...BASE, 'providers', 'resource-kit', 'agents', 'files', 'documents'],
  health: BASE,
  metrics: BASE,
  openapi: [...BASE, 'dashboard'],
};

/** Programs of their own: they start the server or talk to it, so they may import all of it. */
const PROGRAMS = ['cli', 'demo', 'docs'];
const ROOT_FILES = 'app\\.module|configure-app|main|serve|entities';

const IS_OPTIONAL = {
  name: 'class-validator',
  importNames: ['IsOptional'],
  message: 'It lets null through to NOT NULL columns: use @Optional() or @Absentable().',
};
/** Their time grows with all of a text, or with the square of a list. */
const SLOW_RULES = {
  name: 'class-validator',
  importNames: ['ArrayUnique', 'MaxLength', 'MinLength'],
  message: 'Use those of validation/array-unique.ts and validation/text-length.ts.',
};
const FOLDERS = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !PROGRAMS.includes(entry.name))
  .map(({ name }) => name);

/** Paths out of the folder, to a folder that it must not know or to what puts the server together. */
function upward(folder: string) {
  const known = [folder, ...(REACHES[folder] ?? [])];
  const banned = [...FOLDERS, ...PROGRAMS].filter((name) => !known.includes(name));
  return {
    regex: `^(\\.\\./)+((${banned.join('|')})/|(${ROOT_FILES})\\.js$)`,
    message: `Imports go down only: oxlint.config.ts says what ${folder}/ may import.`,
  };
}

const SQL = {
  regex: '^(typeorm|pg)($|/)|^(\\.\\./)+database/(database|transaction|prepared-read)',
  message: 'Controllers, guards and pages ask a service.',
};

function restrict(files: string[], ...patterns: object[]) {
  return {
    files,
    rules: { 'no-restricted-imports': ['error', { paths: [IS_OPTIONAL, SLOW_RULES], patterns }] },
  } as const;
}

export default defineConfig({
  plugins: ['import', 'jsx-a11y', 'node', 'oxc', 'react', 'typescript', 'unicorn'],
  categories: { correctness: 'error' },
  rules: {
    'import/no-cycle': 'error',
    'no-console': 'error',
    'node/no-process-env': 'error',
    // A part that is left out of a copy has to be named somehow.
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    // The compiler tells a length from an element, and a list is copied before its entries take themselves out of it.
    'unicorn/no-new-array': 'off',
    'unicorn/no-useless-spread': 'off',
  },
  ignorePatterns: ['dist', 'coverage', 'sdk/src/schema.ts'],
  overrides: [
    ...FOLDERS.flatMap((folder) => [
      restrict([`src/${folder}/**`], upward(folder)),
      restrict([`src/${folder}/**/*.{controller,guard}.ts`], upward(folder), SQL),
    ]),
    restrict(['src/dashboard/**'], upward('dashboard'), SQL),
    {
      files: ['src/config/environment.ts', 'test/**', 'bench/**', 'sdk/*example.ts', 'dashboard/screenshots/**'],
      rules: { 'node/no-process-env': 'off' },
    },
    // What the wire calls a branch is a list, never a function.
    {
      files: [
        'src/resources/workflows/**',
        'test/features/workflow*',
        'test/faults/workflow*',
        'test/support/workflows.ts',
      ],
      rules: { 'unicorn/no-thenable': 'off' },
    },
    {
      files: PROGRAMS.map((folder) => `src/${folder}/**`).concat(
        'test/run.js',
        'bench/**',
        'sdk/*example.ts',
        'dashboard/screenshots/**',
      ),
      rules: { 'no-console': 'off' },
    },
  ],
});
