// Owns: a draft that stands open while the county suspends its matter, and has it again later.
// Does not own: why a matter is closed (store/closed-matters.test.ts), how a release is published (standards.spec.ts).
import { expect, type RunningApp, test } from '../helpers/app.ts'
import { answer, startDraft } from '../helpers/window.ts'

/** Publishes the allowance with another status, past the screens. */
async function release(app: RunningApp, status: 'active' | 'suspended'): Promise<void> {
  const value = async <T>(asked: Promise<{ readonly ok: boolean; readonly value?: T }>): Promise<T> => {
    const reply = await asked
    if (reply.value === undefined) throw new Error(JSON.stringify(reply))
    return reply.value
  }
  const { documents } = await value(app.call('standards.desk', {}))
  const { training } = await value(app.call('station.status', {}))
  const version = documents.find(({ id }) => id === 'SAMPLE-GLJT')?.version ?? 1
  const { copyId } = await value(app.call('standards.begin', { kind: 'matter', id: 'SAMPLE-GLJT', version }))
  const { text } = await value(app.call('standards.copy', { copyId }))
  await value(app.call('standards.save', { copyId, text: JSON.stringify({ ...JSON.parse(text), status }) }))
  await value(
    app.call('standards.publish', {
      ...{ targets: 'all', contents: { from: 'copies', copyIds: [copyId] }, effectiveAtUtc: null },
      ...{ note: '演练', pin: training?.publisherPin ?? '', approval: null },
    }),
  )
}

test('a draft tells at once that its matter was suspended, keeps all of it, and goes on once the matter is back', async ({
  app,
}) => {
  const { page } = app
  await startDraft(app)
  await answer(page, '姓名').fill('演练壬')
  await expect(page.getByTestId('saved')).toBeVisible()
  await release(app, 'suspended')
  const told = page.getByText('县里暂停了“高龄津贴”：先不能收件。')
  await expect(told).toBeVisible()
  await expect(page.getByText(/填好的、交来的都在/)).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('没有收件：原因写在上面。')).toBeVisible()
  await expect(answer(page, '姓名')).toHaveValue('演练壬')
  await page.keyboard.press('Escape')
  await page.keyboard.press('F2')
  await page.getByRole('textbox', { name: '查找事项' }).fill('gljt')
  await expect(page.getByRole('button', { name: /^高龄津贴/ })).toHaveCount(0)
  await page.goBack()
  await release(app, 'active')
  await expect(told).toHaveCount(0)
})
