import type { DataSource, EntityManager, EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { poolOf } from '../data-source.js';
import { WireJson } from '../../wire/wire-json.js';
import { surroundingManager } from '../surrounding-manager.js';
import { toWireValue } from '../wire-value.js';
import type { RunStatement, Statement, TextAnswer } from './statement.js';

interface InsertStatement extends Statement {
  readonly columns: readonly ColumnMetadata[];
}

/** INSERTs of one row whose SQL is made once, where TypeORM's query builder makes it for each row. */
export class PreparedInserts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runStatement: RunStatement,
  ) {}

  /**
   * @param name of its statements, less a suffix of up to 11 characters
   * @param ending after VALUES, with one column, `text`: `RETURNING …`, or `ON CONFLICT … RETURNING …`
   */
  prepare(name: string, metadata: EntityMetadata, ending: string): PreparedInsert {
    return new PreparedInsert(this.dataSource, this.runStatement, name, metadata, ending);
  }
}

/** One statement for each set of columns that a row gives. */
export class PreparedInsert {
  readonly #statements = new Map<number, InsertStatement>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly runStatement: RunStatement,
    private readonly name: string,
    private readonly metadata: EntityMetadata,
    private readonly ending: string,
  ) {}

  /**
   * @param row by property name; an undefined property gets its column's default
   * @param manager of the transaction to take part in; by default of the surrounding one, if there is one
   * @returns the row's one column; undefined when nothing was inserted
   */
  async run(row: object, manager: EntityManager | undefined = surroundingManager()): Promise<TextAnswer> {
    const statement = this.#statementOf(row as Record<string, unknown>);
    const { driver } = this.dataSource;
    const values = statement.columns.map((column): unknown =>
      driver.preparePersistentValue(column.getEntityValue(row), column),
    );
    if (manager) return ((await manager.query(statement.text, values)) as { text: string }[])[0]?.text;
    return this.runStatement(poolOf(this.dataSource), statement, values.map(toWireValue));
  }

  /** The same, where the one column is the row as JSON. */
  async row<T>(row: object, manager?: EntityManager): Promise<T | undefined> {
    const text = await this.run(row, manager);
    return typeof text === 'string' ? new WireJson<T>(text).parse() : undefined;
  }

  #statementOf(row: Readonly<Record<string, unknown>>): InsertStatement {
    let shape = 0;
    this.metadata.columns.forEach(({ propertyName }, index) => {
      if (row[propertyName] !== undefined) shape += 2 ** index;
    });
    let statement = this.#statements.get(shape);
    if (statement === undefined) this.#statements.set(shape, (statement = this.#prepare(row, shape)));
    return statement;
  }

  #prepare(row: Readonly<Record<string, unknown>>, shape: number): InsertStatement {
    const columns = this.metadata.columns.filter(({ propertyName }) => row[propertyName] !== undefined);
    const names = columns.map(({ databaseName }) => `"${databaseName}"`).join(', ');
    const parameters = columns.map((_, index) => `$${index + 1}`).join(', ');
    const text = `INSERT INTO "${this.metadata.tableName}" (${names}) VALUES (${parameters}) ${this.ending}`;
    return { name: `${this.name}.${shape.toString(36)}`, text, columns };
  }
}
