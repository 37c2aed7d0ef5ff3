import { paperWords } from '../../../../preload/contract/standards/code-words.ts'
import { templateNames } from '../../../../preload/contract/standards/template.ts'
import { choice, day, json, lines, text, wholeNumber, yesNo } from './codecs.ts'
import type { Column } from './rows.ts'
import type { DocumentSheets } from './sheets.ts'

/** The sheets of what goes with matters: 一件事 and the words of papers. */

const needed = '必填。'
const column = (head: string, field: string, codec: Column['codec'], hint: string, width = 16): Column => ({
  head,
  hint,
  path: [field],
  codec,
  width,
})

/** The sheets of a theme. */
export const themeSheets: DocumentSheets = {
  kind: 'theme',
  keyHead: '一件事标识',
  keyPath: 'themeId',
  nameHead: '一件事名称',
  fixed: { format: 1, kind: 'theme' },
  main: {
    sheet: '一件事',
    columns: [
      column('一件事名称', 'name', text, `${needed}最多 120 字。`, 24),
      { ...column('俗称', 'aliases', lines, '一行一个。', 18), empty: [] },
      column('版本', 'version', wholeNumber, `${needed}整数，每改一次加 1。`, 8),
      column('生效日期', 'effectiveFrom', day, `${needed}如 2026-07-01。`, 14),
      column('是否样例', 'sample', yesNo, needed, 10),
      column('出处', 'source', text, needed, 30),
      { ...column('说明', 'description', text, '办之前要知道的。', 40), empty: '' },
      column('牵头部门', 'department', text, needed, 18),
      { ...column('共用材料', 'sharedMaterials', lines, '只交一次的材料的复用标识，一行一个。', 24), empty: [] },
    ],
  },
  lists: [
    {
      sheet: '一件事成员',
      field: 'members',
      isNeeded: true,
      columns: [
        column('种类', 'kind', choice({ matter: '事项', theme: '一件事' }), `${needed}事项或一件事。`, 10),
        column('标识', 'id', text, `${needed}事项标识或一件事标识。`, 24),
        column('适用情形', 'when', text, '对谁适用；都适用的留空。', 36),
        column('题目对应（JSON）', 'answers', json, '这项的题目在一件事里叫别的名字时才填。', 36),
      ],
    },
    {
      sheet: '一件事问答',
      field: 'questions',
      isNeeded: true,
      columns: [column('问题', 'question', text, needed, 40), column('答案', 'answer', text, needed, 60)],
    },
  ],
}

/** The sheet of templates. */
export const templateSheets: DocumentSheets = {
  kind: 'template',
  keyHead: '模板标识',
  keyPath: 'templateId',
  nameHead: '模板名称',
  fixed: { format: 1, kind: 'template' },
  main: {
    sheet: '文书模板',
    columns: [
      column('模板名称', 'name', text, needed, 24),
      column('版本', 'version', wholeNumber, `${needed}整数，每改一次加 1。`, 8),
      column('生效日期', 'effectiveFrom', day, `${needed}如 2026-07-01。`, 14),
      column('文书', 'paper', choice(paperWords), `${needed}从列表里选。`, 16),
      column('标题', 'title', text, needed, 24),
      column(
        '段落',
        'paragraphs',
        lines,
        `${needed}一行一段。可以用 ${Object.entries(templateNames)
          .map(([name, words]) => `{{${name}}}${words}`)
          .join('、')}。`,
        80,
      ),
    ],
  },
  lists: [],
}
