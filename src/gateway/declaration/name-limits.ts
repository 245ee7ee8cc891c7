/** Code points of a label. */
export const LABEL_CHARACTERS_MAX = 100;
/** Code points of a description, or of the reason of a public route. */
export const DESCRIPTION_CHARACTERS_MAX = 500;
