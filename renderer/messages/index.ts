/**
 * Owns: every word that the window itself says, Chinese first, English with the same keys; the words of failures in English.
 * Does not own: what the desk says (Chinese sentences of cases and checks), the Chinese words of failures (preload/contract/sentences.ts).
 * Start here: zh-cn.ts, then the same key in en.ts.
 */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en.ts'
import type { Words } from './words.ts'
import { zhCN } from './zh-cn.ts'

// Keys are checked, the places in their texts are not: with every text a type of its own, the compiler gives up on a window of this size.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: Words<typeof zhCN> }
  }
}

/** The languages of the window. */
export type Language = 'zh-CN' | 'en'

const kept = 'cunchuang.language'

/** Makes the words ready, in the language chosen last on this machine; Chinese at first. */
export function startMessages(): void {
  const language: Language = localStorage.getItem(kept) === 'en' ? 'en' : 'zh-CN'
  document.documentElement.lang = language
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'zh-CN',
    resources: { 'zh-CN': { translation: zhCN }, en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
}

/** Changes the language at once and keeps the choice. */
export function setLanguage(language: Language): void {
  localStorage.setItem(kept, language)
  document.documentElement.lang = language
  void i18next.changeLanguage(language)
}
