import { defineErrors } from '../../core/errors/define-errors.js';

export const keyImportErrors = defineErrors({
  import_differs: {
    status: 409,
    message: 'The import "{name}" was declared with another format. Use its format, or another name.',
  },
});
