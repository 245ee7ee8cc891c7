import classes from './method.module.css';

/** The name of an HTTP method, in its usual color. */
export function Method({ name }: { readonly name: string }) {
  return <span className={`${classes['method']} ${classes[name] ?? ''}`}>{name} </span>;
}
