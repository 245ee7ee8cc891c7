/** The operation that the API reference shows: fields, examples, and the form that sends a request. */
export const OPERATION_STYLE = `main {
  padding: 32px;
  min-width: 0;
}
.overview {
  max-width: 760px;
}
.operation {
  display: grid;
  grid-template-columns: minmax(0, 1fr) minmax(0, 520px);
  gap: 40px;
  max-width: 1500px;
}
.side {
  position: sticky;
  top: 82px;
  max-height: calc(100vh - 98px);
  overflow-y: auto;
}
.side h2 {
  margin-top: 0;
}
.aside {
  margin-bottom: 24px;
}
.method {
  font-weight: 700;
  font-size: 0.6875rem;
  color: var(--gate);
}
.method.delete {
  color: var(--bad);
}
.target {
  display: flex;
  gap: 10px;
  align-items: baseline;
  margin: 0 0 16px;
  overflow-wrap: anywhere;
}
.target code {
  font-size: 0.9375rem;
}
.access {
  display: flex;
  flex-wrap: wrap;
  gap: 8px 32px;
  margin: 16px 0;
  padding: 12px 16px;
  border-radius: 12px;
  background: var(--gate-soft);
}
.access dt {
  color: var(--dim);
  font-size: 0.8125rem;
}
.access dd {
  margin: 0;
}
.fields {
  margin: 0;
  padding: 0;
  list-style: none;
}
.fields li {
  padding: 10px 0;
  border-top: 1px solid var(--line);
  overflow-wrap: anywhere;
}
.fields p {
  margin: 4px 0 0;
  color: var(--dim);
}
.fields .fields {
  margin-left: 16px;
}
.name {
  font-weight: 600;
  margin-right: 10px;
}
.type,
.media,
.hint {
  color: var(--dim);
}
.optional {
  margin-left: 10px;
  color: var(--dim);
  font-size: 0.8125rem;
}
main details {
  border-top: 1px solid var(--line);
  padding: 8px 0;
}
main summary {
  cursor: pointer;
}
main .fields details {
  border: 0;
  padding: 4px 0 0;
}
.code {
  position: relative;
  margin: 8px 0;
}
.code pre {
  margin: 0;
  padding: 12px 14px;
  max-height: 420px;
  overflow: auto;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--code);
  line-height: 1.5;
}
.copy {
  position: absolute;
  top: 8px;
  right: 8px;
  padding: 2px 8px;
  font-size: 0.75rem;
}
.tabs {
  display: flex;
  gap: 4px;
}
.tab {
  padding: 3px 10px;
  font-size: 0.8125rem;
}
.tab[aria-pressed='true'] {
  border-color: var(--gate);
  color: var(--gate);
  font-weight: 600;
}
.try {
  display: grid;
  gap: 10px;
  margin-top: 12px;
}
.try label {
  display: grid;
  gap: 4px;
}
.try label > span {
  font-size: 0.8125rem;
  color: var(--dim);
}
.outcome {
  margin: 4px 0;
  font-weight: 600;
}
.good {
  color: var(--gate);
}
.bad {
  color: var(--bad);
}

@media (max-width: 1100px) {
  .operation {
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
  }
  .side {
    position: static;
    max-height: none;
  }
}
@media (max-width: 760px) {
  header {
    position: static;
    padding: 10px 16px;
  }
  header label {
    flex: 1 1 100%;
  }
  header label span {
    width: 52px;
  }
  header input {
    flex: 1;
    width: auto;
  }
  .layout {
    grid-template-columns: minmax(0, 1fr);
  }
  nav {
    position: static;
    height: auto;
    max-height: 40vh;
    padding: 12px 16px;
    border-right: 0;
    border-bottom: 1px solid var(--line);
  }
  main {
    padding: 24px 16px;
  }
}
`;
