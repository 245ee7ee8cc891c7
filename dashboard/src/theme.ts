import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** A deep green; white text on shade 7 has a contrast of 5.5. */
const gate: MantineColorsTuple = [
  '#effaf7',
  '#d8f1ea',
  '#b0e3d6',
  '#80d0be',
  '#4fb8a4',
  '#2d9d8a',
  '#1b8172',
  '#0f766e',
  '#0d5f59',
  '#0a4a46',
];

/** Darker than the default for text on white: shade 7 has a contrast of 6.4, and shade 4 has 5.9 on the dark surface. */
const red: MantineColorsTuple = [
  '#fdf0ef',
  '#fadcda',
  '#f6bbb7',
  '#f1938d',
  '#ec726b',
  '#d94a42',
  '#c63a32',
  '#b42b25',
  '#9f1c1c',
  '#7d1515',
];

export const theme = createTheme({
  colors: { gate, red },
  primaryColor: 'gate',
  primaryShade: { light: 7, dark: 7 },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.125rem' } } },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  // The header of a dialog is no landmark of the page.
  components: {
    Modal: { defaultProps: { attributes: { header: { role: 'presentation' } } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } },
  },
});
