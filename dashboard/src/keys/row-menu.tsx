import '../form-styles';
import { Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMayChange } from '../api/session';
import { AnchorTo } from '../shell/anchor-to';
import { useFocusReturn } from '../shell/dialog';
import {
  CopyIcon,
  EditIcon,
  KeyIcon,
  RequestsIcon,
  ResumeIcon,
  RevokeIcon,
  RotateIcon,
  SuspendIcon,
  TestIcon,
} from '../shell/icons';
import { isEnded } from '../text/key-words';
import { type Floating, floatingName, type RowDialog } from './floating';

interface Props extends Floating {
  readonly onClose: () => void;
  readonly onPick: (dialog: RowDialog) => void;
}

/** The actions of a row. The default export is for lazy(). */
export default function RowMenu({ shown, anchor, onClose, onPick }: Props) {
  useFocusReturn();
  const mayChange = useMayChange();
  const isOpen = !isEnded(shown);
  const page = { to: '/keys/$keyId', params: { keyId: shown.id } } as const;
  const pick = (dialog: RowDialog) => {
    // The dialog returns the focus to the element that has it when it opens.
    anchor.focus();
    onPick(dialog);
  };
  return (
    <Menu
      opened
      withinPortal={false}
      withInitialFocusPlaceholder={false}
      onClose={onClose}
      id={floatingName('menu', shown.id)}
      position="bottom-end"
      offset={4}
      width={200}
    >
      <Menu.Target>
        <AnchorTo element={anchor} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<KeyIcon size={16} />} renderRoot={(props) => <Link {...props} {...page} />}>
          Open
        </Menu.Item>
        <Menu.Item
          leftSection={<RequestsIcon size={16} />}
          renderRoot={(props) => <Link {...props} {...page} search={{ tab: 'requests' }} />}
        >
          View requests
        </Menu.Item>
        <Menu.Item
          leftSection={<TestIcon size={16} />}
          renderRoot={(props) => <Link {...props} {...page} search={{ tab: 'test' }} />}
        >
          Test a request
        </Menu.Item>
        {mayChange && isOpen && (
          <Menu.Item
            leftSection={<EditIcon size={16} />}
            renderRoot={(props) => <Link {...props} {...page} search={{ tab: 'settings' }} />}
          >
            Edit
          </Menu.Item>
        )}
        {mayChange && (
          <Menu.Item
            leftSection={<CopyIcon size={16} />}
            renderRoot={(props) => <Link {...props} to="/keys/new" search={{ from: shown.id }} />}
          >
            Duplicate
          </Menu.Item>
        )}
        {mayChange && isOpen && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<RotateIcon size={16} />} onClick={() => pick('rotate')}>
              Rotate…
            </Menu.Item>
            {shown.state === 'suspended' ? (
              <Menu.Item leftSection={<ResumeIcon size={16} />} onClick={() => pick('resume')}>
                Resume…
              </Menu.Item>
            ) : (
              <Menu.Item leftSection={<SuspendIcon size={16} />} onClick={() => pick('suspend')}>
                Suspend…
              </Menu.Item>
            )}
            <Menu.Item color="red" leftSection={<RevokeIcon size={16} />} onClick={() => pick('revoke')}>
              Revoke…
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
