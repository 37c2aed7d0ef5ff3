import type { ThemeConfig } from 'antd'

/** The window's look for antd: body text of 16 px, targets of 40 px, contrast of 4.5:1 or better. The same values stand in base.css. */
export const theme: ThemeConfig = {
  token: {
    fontSize: 16,
    fontSizeSM: 16,
    controlHeight: 40,
    controlHeightSM: 40,
    controlHeightLG: 48,
    borderRadius: 6,
    wireframe: false,
    motion: false,
    colorPrimary: '#0b5788',
    colorLink: '#0b5788',
    colorSuccess: '#1c6b3a',
    colorWarning: '#8f4a00',
    colorError: '#b3261e',
    colorInfo: '#0b5788',
    colorText: '#18222d',
    colorTextSecondary: '#44525f',
    colorTextTertiary: '#55636f',
    colorTextPlaceholder: '#64717d',
    colorTextDisabled: '#64717d',
    colorBorder: '#8694a1',
    colorBorderSecondary: '#d5dce2',
    colorBgLayout: '#eef1f4',
    fontFamily:
      '"Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", system-ui, sans-serif',
  },
  components: {
    Button: { fontWeight: 500, primaryShadow: 'none', defaultShadow: 'none' },
    Tabs: { titleFontSize: 16, horizontalItemPadding: '10px 4px', horizontalMargin: '0' },
    Alert: { defaultPadding: '8px 12px' },
  },
}
