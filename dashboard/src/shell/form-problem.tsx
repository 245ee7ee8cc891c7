import { GatehouseError } from '../../../sdk/src/index.js';
import { problemsByField } from '../text/field-problems';
import { Problem } from './problem';

interface Props {
  readonly error: Error | null | undefined;
  /** The values of the form, whose names are its fields. */
  readonly fields: object;
}

/** The error of a form, unless its fields show all of it. */
export function FormProblem({ error, fields }: Props) {
  if (!error || isBesideFields(error, fields)) return null;
  return <Problem error={error} />;
}

function isBesideFields(error: Error, fields: object): boolean {
  if (!(error instanceof GatehouseError) || error.errors.length === 0) return false;
  return Object.keys(problemsByField(error)).every((field) => field in fields);
}
