import type { ReactNode } from 'react';

/** 24 px icons with 2 px strokes. They stand beside text, so screen readers skip them. */
function icon(name: string, drawing: ReactNode) {
  const Icon = ({ size = 18 }: { readonly size?: number }) => (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      {drawing}
    </svg>
  );
  Icon.displayName = `${name}Icon`;
  return Icon;
}

export const KeyIcon = icon(
  'Key',
  <path d="M14.5 9.5a4.5 4.5 0 1 0-3.2 4.3L13 15.5h2.5V18H18v3h3v-3.2l-6.8-6.8c.2-.5.3-1 .3-1.5ZM9 9h.01" />,
);
export const AgentIcon = icon(
  'Agent',
  <path d="M5 9a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2ZM12 7V4M9.5 12v1.5M14.5 12v1.5M2.5 12v3M21.5 12v3" />,
);
export const ServiceIcon = icon('Service', <path d="M4 4.5h16v6H4ZM4 13.5h16v6H4ZM7.5 7.5h.01M7.5 16.5h.01" />);
export const MembersIcon = icon(
  'Members',
  <path d="M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20v-1a4.5 4.5 0 0 1 4.5-4.5h4a4.5 4.5 0 0 1 4.5 4.5v1M16 4.3a3.5 3.5 0 0 1 0 6.5M21.5 20v-1a4.5 4.5 0 0 0-3.3-4.3" />,
);
export const AuditIcon = icon('Audit', <path d="M6 3.5h9l4 4v13H6ZM15 3.5v4h4M9.5 12h6M9.5 15.5h6" />);
export const SettingsIcon = icon(
  'Settings',
  <path d="M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z" />,
);
export const PlusIcon = icon('Plus', <path d="M12 5v14M5 12h14" />);
export const PlugIcon = icon('Plug', <path d="M9 3v5M15 3v5M6.5 8h11v3a5.5 5.5 0 0 1-11 0ZM12 16.5V21" />);
export const SearchIcon = icon('Search', <path d="M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM20 20l-4-4" />);
export const CopyIcon = icon('Copy', <path d="M9 9h11v11H9ZM5 15H4V4h11v1" />);
export const CheckIcon = icon('Check', <path d="m5 12.5 4.5 4.5L19 7.5" />);
export const WarningIcon = icon('Warning', <path d="M12 4 2.8 20h18.4ZM12 10v4.5M12 17.2v.01" />);
export const InfoIcon = icon('Info', <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 11v5M12 8v.01" />);
export const ClockIcon = icon('Clock', <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7.5V12l3 2" />);
export const RotateIcon = icon(
  'Rotate',
  <path d="M4.5 10A8 8 0 0 1 19 8l1.5 1.5M20.5 4.5v5h-5M19.5 14A8 8 0 0 1 5 16l-1.5-1.5M3.5 19.5v-5h5" />,
);
export const RevokeIcon = icon('Revoke', <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM5.7 5.7l12.6 12.6" />);
export const SuspendIcon = icon('Suspend', <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM10 9v6M14 9v6" />);
export const ResumeIcon = icon('Resume', <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM10 8.5v7l5.5-3.5Z" />);
export const DownloadIcon = icon('Download', <path d="M12 4v11M7.5 11 12 15.5l4.5-4.5M4.5 19.5h15" />);
export const SignOutIcon = icon('SignOut', <path d="M14 4.5H5v15h9M10.5 12H21M17.5 8.5 21 12l-3.5 3.5" />);
export const EditIcon = icon('Edit', <path d="M4 20h4L19.5 8.5l-4-4L4 16ZM13.5 6.5l4 4" />);
export const RemoveIcon = icon('Remove', <path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10.5 11v5M13.5 11v5" />);
export const BackIcon = icon('Back', <path d="M19 12H5M11 6l-6 6 6 6" />);
export const MoreIcon = icon('More', <path d="M5 12h.01M12 12h.01M19 12h.01" />);
export const SortIcon = icon('Sort', <path d="m7 9 5-5 5 5M7 15l5 5 5-5" />);
export const TestIcon = icon(
  'Test',
  <path d="M9 3.5h6M10 3.5v6L4.8 18a1.7 1.7 0 0 0 1.5 2.5h11.4a1.7 1.7 0 0 0 1.5-2.5L14 9.5v-6M7.5 14h9" />,
);
export const UpIcon = icon('Up', <path d="M12 19V5M6 11l6-6 6 6" />);
export const DownIcon = icon('Down', <path d="M12 5v14M6 13l6 6 6-6" />);
export const RequestsIcon = icon('Requests', <path d="M4 8h14M14.5 4.5 18 8l-3.5 3.5M20 16H6M9.5 12.5 6 16l3.5 3.5" />);
export const BookIcon = icon(
  'Book',
  <path d="M12 6.5C10 5 7.5 4.5 4 4.5v13c3.5 0 6 .5 8 2 2-1.5 4.5-2 8-2v-13c-3.5 0-6 .5-8 2ZM12 6.5v13" />,
);
export const ChevronIcon = icon('Chevron', <path d="m6 9 6 6 6-6" />);
export const CloseIcon = icon('Close', <path d="M6 6l12 12M18 6 6 18" />);
export const PolicyIcon = icon(
  'Policy',
  <path d="M12 3.5 19 6v5.5c0 4.3-2.8 7.4-7 9-4.2-1.6-7-4.7-7-9V6ZM9 12l2.2 2.2L15.5 10" />,
);
export const WebhookIcon = icon(
  'Webhook',
  <path d="M9.5 8.5a3.5 3.5 0 1 1 4.9 3.2M12 8l-3.3 6M15 12.5l3 5M6 21a3.5 3.5 0 0 1-1-6.8M9.5 17.5H17M17 14.2a3.5 3.5 0 1 1-1.5 6.6" />,
);
export const TagIcon = icon('Tag', <path d="M4 4.5h7.5l8 8-7 7-8-8ZM8 8.5h.01" />);
