import { readdirSync } from 'node:fs';
import { defineConfig, type OxlintOverride } from 'oxlint';

const foldersIn = (path: string) =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
const GROUPS = foldersIn('src/resources').map((group) => `resources/${group}`);

const BELOW_RESOURCES = ['core', 'access', 'kit', 'tenancy'];
/**
 * The wings and groups that each wing of `src/` and each group of `src/resources/` may import. Imports go down only. A
 * folder without a row may import nothing.
 */
export const WINGS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  access: ['core'],
  kit: ['core', 'access'],
  tenancy: ['core', 'access', 'kit'],
  'resources/directory': BELOW_RESOURCES,
  'resources/knowledge': BELOW_RESOURCES,
  'resources/conversations': [...BELOW_RESOURCES, 'resources/directory', 'resources/knowledge'],
  'resources/outreach': [...BELOW_RESOURCES, 'resources/directory'],
  'resources/automation': [...BELOW_RESOURCES, 'resources/directory', 'resources/conversations', 'resources/outreach'],
  'resources/voice': [...BELOW_RESOURCES, 'resources/automation'],
  'resources/analytics': [...BELOW_RESOURCES, 'resources/directory', 'resources/conversations'],
  resources: ['kit', ...GROUPS],
  api: ['core', 'access', 'kit', 'tenancy'],
  operations: ['core', 'access'],
  gateway: BELOW_RESOURCES,
  insight: ['core', 'access', 'kit', 'tenancy', 'gateway'],
};

/** Programs may import everything, because they start the server or use its services. */
export const PROGRAMS = 'programs';
const ROOT_FILES =
  'app\\.module|decision\\.module|configure-app|main|serve|stop-signal|entities|error-catalogue|example-catalogue|retention-rules|event-subjects';

const IS_OPTIONAL = {
  name: 'class-validator',
  importNames: ['IsOptional'],
  message: 'It lets null through to NOT NULL columns: use @Optional() or @Absentable().',
};
/** Rules whose run time grows with the whole text, or with the square of the list. */
const SLOW_RULES = {
  name: 'class-validator',
  importNames: ['ArrayUnique', 'MaxLength', 'MinLength'],
  message: 'Use those of validation/array-unique.ts and validation/text-length.ts.',
};
const FOLDERS = [...foldersIn('src').filter((wing) => wing !== PROGRAMS), ...GROUPS];

/** Bans imports of the root files, and of wings and groups that the folder may not import. */
function upwardImports(folder: string) {
  const allowed = [folder, ...(WINGS[folder] ?? [])];
  const banned = [...FOLDERS, PROGRAMS].filter((name) => !allowed.includes(name));
  // Groups import each other by paths without `resources/`, such as `../../knowledge/…`.
  const paths = banned.flatMap((name) => (name.startsWith('resources/') ? [name, name.slice(10)] : [name]));
  return {
    regex: `^(\\.\\./)+((${paths.join('|')})/|(${ROOT_FILES})\\.js$)`,
    message: `Imports go down only: oxlint.config.ts lists what ${folder}/ may import.`,
  };
}

const SQL = {
  regex: '^(typeorm|pg)($|/)|/database/(database|transaction|surrounding-manager|fast-lane)\\b',
  message: 'Controllers, guards and pages ask a service.',
};

const FAST_LANE = {
  group: ['**/fast-lane/*', '!**/fast-lane/fast-lane.*'],
  message: 'The entrance of the fast lane is fast-lane.ts: import from there.',
};

const MUTATION = {
  name: '@tanstack/react-query',
  importNames: ['useMutation'],
  message: 'Its callbacks get lost when the component unmounts: use useChange of api/change.ts.',
};

function restrict(files: string[], ...patterns: object[]): OxlintOverride {
  return {
    files,
    rules: {
      'no-restricted-imports': ['error', { paths: [IS_OPTIONAL, SLOW_RULES], patterns: [FAST_LANE, ...patterns] }],
    },
  };
}

export default defineConfig({
  plugins: ['import', 'jsx-a11y', 'node', 'oxc', 'react', 'typescript', 'unicorn'],
  categories: { correctness: 'error' },
  rules: {
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'no-console': 'error',
    'node/no-process-env': 'error',
    // Destructuring has to name a property to leave it out of a copy.
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    // The compiler catches `new Array(element)`. A copy is needed where entries remove themselves from a list in a loop.
    'unicorn/no-new-array': 'off',
    'unicorn/no-useless-spread': 'off',
  },
  ignorePatterns: ['dist', 'coverage', 'sdk/src/schema.ts'],
  overrides: [
    restrict(['src/**', 'test/**', 'bench/**']),
    { files: ['test/features/fast-lane/**'], rules: { 'no-restricted-imports': 'off' } },
    ...FOLDERS.flatMap((folder) => [
      restrict([folder === 'resources' ? 'src/resources/*.ts' : `src/${folder}/**`], upwardImports(folder)),
      restrict([`src/${folder}/**/*.{controller,guard}.ts`], upwardImports(folder), SQL),
    ]),
    restrict(['src/operations/dashboard-pages/**'], upwardImports('operations'), SQL),
    {
      files: ['dashboard/src/**'],
      excludeFiles: ['dashboard/src/api/change.ts'],
      rules: { 'no-restricted-imports': ['error', { paths: [MUTATION] }] },
    },
    {
      files: [
        'src/core/config/environment.ts',
        'test/**',
        'bench/**',
        'sdk/*example.ts',
        'sdk/examples/**',
        'dashboard/screenshots/**',
      ],
      rules: { 'node/no-process-env': 'off' },
    },
    // The API calls a branch `then`. It is a list, never a function.
    {
      files: [
        'src/resources/automation/workflows/**',
        'test/features/workflow*',
        'test/faults/workflow*',
        'test/support/workflows.ts',
      ],
      rules: { 'unicorn/no-thenable': 'off' },
    },
    {
      files: [
        `src/${PROGRAMS}/**`,
        'test/run.js',
        'bench/**',
        'sdk/*example.ts',
        'sdk/examples/**',
        'dashboard/screenshots/**',
      ],
      rules: { 'no-console': 'off' },
    },
  ],
});
