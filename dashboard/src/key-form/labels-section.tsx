import { TagsInput, TextInput } from '@mantine/core';
import { EXTERNAL_ID_CHARACTERS_MAX, TAGS_MAX } from './label-rules';
import { MetadataEditor } from './metadata-editor';
import { Section } from './section';
import type { KeyForm } from './use-key-form';

interface Props {
  readonly form: KeyForm;
  readonly isReadOnly?: boolean;
}

/** Tags, an id and pairs that mean something to the users, and nothing to the server. */
export function LabelsSection({ form, isReadOnly = false }: Props) {
  const { metadata, tags } = form.values;
  return (
    <Section
      title="Tags and metadata"
      {...(!isReadOnly && { hint: 'To find keys by, and to match them with your own systems.' })}
    >
      <TagsInput
        label="Tags"
        placeholder={tags.length === 0 ? (isReadOnly ? 'None' : 'Type and press Enter') : ''}
        splitChars={[',']}
        maxTags={TAGS_MAX}
        acceptValueOnBlur
        {...form.getInputProps('tags')}
        onChange={(entered) => form.setFieldValue('tags', entered.map((tag) => tag.trim()).filter(Boolean))}
      />
      <TextInput
        label="External ID"
        {...(!isReadOnly && { description: 'The ID of this key in another system. Only one key can have it.' })}
        placeholder={isReadOnly ? 'None' : 'Optional'}
        maxLength={EXTERNAL_ID_CHARACTERS_MAX}
        spellCheck={false}
        {...form.getInputProps('external_id')}
      />
      {(!isReadOnly || metadata.length > 0) && (
        <MetadataEditor
          value={metadata}
          onChange={(pairs) => form.setFieldValue('metadata', pairs)}
          error={form.errors['metadata']}
          isReadOnly={isReadOnly}
        />
      )}
    </Section>
  );
}
