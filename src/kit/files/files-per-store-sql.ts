/** Counts the files that are not released, by store; a file that is being moved counts in both. */
export const FILES_PER_STORE = `
  SELECT count(*) FILTER (WHERE 'local' IN (store, also_in))::int AS local,
    count(*) FILTER (WHERE 's3' IN (store, also_in))::int AS s3
  FROM stored_files WHERE state <> 'released'`;
