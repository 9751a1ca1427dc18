'use client';

import { Component, type ReactNode } from 'react';
import { Button } from '@/components/ui/button';

interface PanelState {
  readonly hasFailed: boolean;
}

/** Keeps a part that breaks from taking the page with it. */
export class Panel extends Component<{ children: ReactNode }, PanelState> {
  override state: PanelState = { hasFailed: false };

  static getDerivedStateFromError(): PanelState {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <div role="alert" className="flex flex-col items-center gap-3 px-4 py-10 text-center">
        <p className="text-sm text-muted">This part of the page could not be shown.</p>
        <Button size="small" onClick={() => this.setState({ hasFailed: false })}>
          Try again
        </Button>
      </div>
    );
  }
}
