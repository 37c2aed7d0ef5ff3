import { expect, it, onTestFinished } from 'vitest'
import { createDesk } from '../../main/desk/desk.ts'
import { readProfile, readTraining } from '../../main/desk/profile.ts'
import { makeTrainingStation } from '../../main/desk/training.ts'
import { systemClock } from '../../preload/contract/clock.ts'
import { freshFolder, removeFolder, resourcesFolder } from '../helpers/desk.ts'

it('a login that is still being looked at when the desk closes opens nothing any more', async () => {
  const dataFolder = freshFolder()
  onTestFinished(() => removeFolder(dataFolder))
  const pinCost = { memoryKiB: 64, passes: 1, lanes: 1 }
  const ground = { dataFolder, resources: resourcesFolder, clock: systemClock, emit: () => {}, log: () => {} }
  await makeTrainingStation({ ...ground, division: undefined, pinCost })
  const [profile, training] = [readProfile(dataFolder), readTraining(dataFolder)]
  if (profile === undefined || training === undefined) throw new Error('no training station was made')
  const desk = createDesk({
    ...{ ...ground, profile, pinCost, enrolment: undefined, idleSeconds: undefined, restart: () => {} },
  })
  const { account, pin } = training
  const login = desk.handlers()['session.login']?.({ account, pin }, null)

  await desk.close()

  await expect(login).rejects.toMatchObject({ code: 'DESK_RESTARTING' })
  expect(desk.isOpen()).toBe(false)
})
