import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { scopesQuery } from '../api/scopes';
import { ChoiceCards } from '../key-form/choice-cards';
import { Section } from '../key-form/section';
import type { KeyForm } from '../key-form/use-key-form';
import { type Template, templateChoices, withTemplate } from './templates';

interface Props {
  readonly form: KeyForm;
  /** The template that the form was opened with. */
  readonly initial: Template;
}

/** Fills in the kind and the access; everything can still be changed. */
export function TemplateSection({ form, initial }: Props) {
  const [chosen, setChosen] = useState<Template>(initial);
  const { data: catalogue } = useQuery(scopesQuery);
  const entries = catalogue?.items ?? [];
  const choose = (template: Template) => {
    setChosen(template);
    form.setValues((draft) => withTemplate({ ...form.values, ...draft }, template, entries));
    form.clearErrors();
  };
  return (
    <Section title="Start from">
      <ChoiceCards label="Template" choices={templateChoices(entries)} value={chosen} onChange={choose} />
    </Section>
  );
}
