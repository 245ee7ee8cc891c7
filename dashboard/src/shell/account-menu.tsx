import { Menu } from '@mantine/core';
import { useSignOut } from '../api/session';
import { AnchorTo } from './anchor-to';
import { useFocusReturn } from './dialog';
import { SignOutIcon } from './icons';

interface Props {
  readonly email: string;
  readonly anchor: HTMLElement;
  readonly onClose: () => void;
}

/** The default export is for lazy(). */
export default function AccountMenu({ email, anchor, onClose }: Props) {
  const signOut = useSignOut();
  useFocusReturn();
  return (
    // The id of the button is that of the menu with `-target`.
    <Menu opened withInitialFocusPlaceholder={false} onClose={onClose} id="account" position="top-start" width={224}>
      <Menu.Target>
        <AnchorTo element={anchor} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{email}</Menu.Label>
        <Menu.Item leftSection={<SignOutIcon size={16} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
