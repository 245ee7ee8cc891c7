import { isBuiltin } from 'node:module';

/** A default or all of a module, and names. */
const IMPORT = /^import (?:(?:\* as )?([\w$]+))?(?:, )?(\{[^}]*\})? from "([^"]+)";$/gm;

/**
 * Bundles only the used part of class-validator and class-transformer. mapped-types loads them by name while the server runs,
 * which would be a second copy with rules of its own. So it imports them instead.
 */
export function bundledRules() {
  return {
    name: 'bundled-rules',
    resolveId: {
      filter: { id: /^class-(transformer|validator)$/ },
      handler(id, importer, { kind }) {
        // Only Nest's own pipe and interceptor do that, which the server doesn't use.
        if (kind === 'dynamic-import') return { id, external: true };
        return this.resolve(`${id}/esm2015/index.js`, importer, { skipSelf: true });
      },
    },
    transform: {
      filter: { id: /@nestjs\/mapped-types\/dist\/type-helpers\.utils\.js$/ },
      handler(code) {
        return [
          [`const require = createRequire(import.meta.url);`, IMPORTED_RULES],
          [`const classValidator = require('class-validator');`, '', 3],
          [`require('class-validator');`, ''],
          [`require('class-transformer');`, ''],
          [/let classTransformer;\s*try \{[^}]*\}\s*catch \{[^}]*\}/, ''],
        ].reduce((text, [from, to, times = 1]) => replaced(text, from, to, times), code);
      },
    },
  };
}

const IMPORTED_RULES = `
  import * as classValidator from 'class-validator';
  import * as classTransformer from 'class-transformer/esm2015/storage.js';`;

/** @throws Error if the library has changed */
function replaced(text, from, to, times) {
  const parts = text.split(from);
  if (parts.length !== times + 1) throw new Error(`mapped-types doesn't contain ${from} ${times} times`);
  return parts.join(to);
}

/**
 * Takes Node's own modules without importing them. An import of `node:http` reads all its exports, and so loads Node's copy of
 * undici, which takes longer than any other module.
 */
export function builtinsUnimported() {
  return {
    name: 'builtins-unimported',
    renderChunk: (code) =>
      code.replaceAll(IMPORT, (statement, whole, names, module) => {
        if (!isBuiltin(module)) return statement;
        const taken = `globalThis.process.getBuiltinModule('${module}')`;
        return [whole, names?.replaceAll(' as ', ': ')]
          .filter((target) => target !== undefined)
          .map((target) => `const ${target} = ${taken};`)
          .join(' ');
      }),
  };
}

/** Escapes all that isn't ASCII: one other character doubles the memory of a chunk's source, and makes decoding it slow. */
export function ascii() {
  return {
    name: 'ascii',
    // The last step before this one writes strings anew.
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk') chunk.code = chunk.code.replaceAll(/(\\*)([\u0080-\uffff])/g, escaped);
      }
    },
  };
}

/** In strings, patterns and names alike. Before such a character, a single backslash has no meaning. */
function escaped(_text, backslashes, unit) {
  return `${backslashes.slice(backslashes.length % 2)}\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
