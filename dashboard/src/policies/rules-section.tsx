import { Text } from '@mantine/core';
import type { KeyPolicy } from '../api/wire';
import { Section } from '../key-form/section';
import { isPast } from '../text/dates';
import { When } from '../text/when';
import { LEVEL_WORDS, RULE_LABELS, rulesOf, ruleWords } from './policy-words';
import classes from './rules-section.module.css';

/** The rules that keys follow, each with who set it. */
export function RulesSection({ policy: { effective, enforce_from } }: { readonly policy: KeyPolicy }) {
  const rules = rulesOf(effective);
  return (
    <Section
      title="Rules in effect"
      hint="Of the installation, the partner and this organization, the strictest counts."
    >
      {rules.length === 0 ? (
        <Text size="sm" c="dimmed">
          No rules. New keys expire after 90 days unless something else is chosen.
        </Text>
      ) : (
        <dl className={classes['rules']}>
          {rules.map((rule) => (
            <div key={rule}>
              <dt>{RULE_LABELS[rule]}</dt>
              <dd>
                {ruleWords(rule, effective)}
                <span className={classes['by']}>Set by {LEVEL_WORDS[effective[rule]!.set_by]}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {enforce_from && (
        <Text size="sm">
          {!isPast(enforce_from) ? (
            <>
              From <When at={enforce_from} />, existing keys that break an enforced rule are denied.
            </>
          ) : (
            <>
              Existing keys that break an enforced rule are denied since <When at={enforce_from} />.
            </>
          )}
        </Text>
      )}
    </Section>
  );
}
