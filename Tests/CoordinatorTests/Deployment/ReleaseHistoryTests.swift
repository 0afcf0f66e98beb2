import Model
import Rollout
import Testing

@testable import Coordinator

struct ReleaseHistoryTests {
    private static func release(_ number: UInt8) -> ReleaseID {
        ReleaseID(
            version: Version(validated: "\(number).0"),
            digest: Digest(bytes: Array(repeating: number, count: 32))
        )
    }

    /// Rollouts oldest first: what to, from what, how it ended.
    private static func history(_ steps: (Plan.Kind, UInt8, UInt8?, Outcome)...) -> ReleaseHistory {
        ReleaseHistory(
            steps.enumerated().reversed().map { place, step in
                EndedRollout(
                    id: RolloutID(
                        ledger: LedgerID(validated: "01234567-89ab-4def-8123-456789abcdef"),
                        number: place + 1
                    ),
                    kind: step.0,
                    target: release(step.1),
                    previous: step.2.map(release),
                    outcome: step.3,
                    endedAt: WallTime(milliseconds: Int64(place) * 1000)
                )
            }
        )
    }

    @Test("The way back is tried once it was gone, right before the release came again")
    func wayBack() {
        let up: (Plan.Kind, UInt8, UInt8?, Outcome) = (.deploy, 2, 1, .succeeded)
        let first: (Plan.Kind, UInt8, UInt8?, Outcome) = (.deploy, 1, nil, .succeeded)
        let back: (Plan.Kind, UInt8, UInt8?, Outcome) = (.rollback, 1, 2, .succeeded)
        #expect(Self.history().wayBack == .untried)
        #expect(Self.history(first).wayBack == .none)
        #expect(Self.history(first, up).wayBack == .untried)
        #expect(Self.history(first, up, back).wayBack == .untried)
        let tried = Self.history(first, up, back, up)
        #expect(tried.wayBack == tried.number(3))
        // Brought to more hosts since, and an attempt that has changed nothing before.
        let more = Self.history(first, up, back, (.deploy, 3, 1, .refused), up, (.deploy, 2, 2, .succeeded))
        #expect(more.wayBack == more.number(3))
        #expect(Self.history(first, up, (.rollback, 1, 2, .failed), up).wayBack == .untried)
        let between = Self.history(first, up, back, (.deploy, 3, 1, .succeeded), (.deploy, 2, 3, .succeeded))
        #expect(between.wayBack == .untried)
    }

    @Test("What was removed is nowhere, and no way back; what comes after it is a first release")
    func removed() {
        let up: (Plan.Kind, UInt8, UInt8?, Outcome) = (.deploy, 1, nil, .succeeded)
        let gone = Self.history(up, (.deploy, 2, 1, .succeeded), (.remove, 2, 2, .succeeded))
        #expect(gone.current == nil && gone.arrival == nil && gone.rollbackTarget == .none)
        #expect(gone.present == Self.release(2))
        let half = Self.history(up, (.remove, 1, 1, .incomplete))
        #expect(half.current == Self.release(1) && half.present == Self.release(1))
        let anew = Self.history(up, (.remove, 1, 1, .succeeded), (.deploy, 3, nil, .succeeded))
        #expect(anew.current == Self.release(3) && anew.rollbackTarget == .none)
        #expect(anew.wayBack == .untried)
    }

    @Test("Nothing was ever confirmed: there is no way back")
    func empty() {
        #expect(Self.history().rollbackTarget == .none)
        #expect(Self.history((.deploy, 1, nil, .succeeded)).rollbackTarget == .none)
        #expect(Self.history((.deploy, 1, nil, .failed)).rollbackTarget == .none)
    }

    @Test("Back is the release that was confirmed before")
    func predecessor() {
        let history = Self.history((.deploy, 1, nil, .succeeded), (.deploy, 2, 1, .succeeded))
        #expect(history.current == Self.release(2))
        #expect(history.rollbackTarget == .release(Self.release(1)))
    }

    @Test("What was rolled back, refused or restarted changes nothing")
    func unchanged() {
        let history = Self.history(
            (.deploy, 1, nil, .succeeded),
            (.deploy, 2, 1, .succeeded),
            (.deploy, 3, 2, .rolledBack),
            (.restart, 2, 2, .succeeded),
            (.deploy, 4, 2, .refused)
        )
        #expect(history.rollbackTarget == .release(Self.release(1)))
    }

    @Test(
        "The confirmed release has come with the first of the rollouts that brought it, as long as no other came between"
    )
    func arrival() {
        #expect(Self.history((.deploy, 1, nil, .failed)).arrival == nil)
        let again = Self.history(
            (.deploy, 1, nil, .succeeded),
            (.deploy, 2, 1, .succeeded),
            (.deploy, 2, 2, .succeeded),
            (.restart, 2, 2, .succeeded),
            (.deploy, 3, 2, .rolledBack),
            (.deploy, 2, 2, .succeeded),
            (.deploy, 4, 2, .refused)
        )
        #expect(again.arrival?.id.number == 2)
        // Hosts may have run the third meanwhile, so the second begins anew.
        let mixed = Self.history(
            (.deploy, 2, 1, .succeeded),
            (.deploy, 3, 2, .aborted),
            (.deploy, 2, 2, .succeeded)
        )
        #expect(mixed.arrival?.id.number == 3)
        let back = Self.history(
            (.deploy, 1, nil, .succeeded),
            (.deploy, 2, 1, .succeeded),
            (.rollback, 1, 2, .succeeded)
        )
        #expect(back.arrival?.id.number == 3)
    }

    @Test("A second rollback in a row is no accident to be guessed")
    func second() {
        let history = Self.history(
            (.deploy, 1, nil, .succeeded),
            (.deploy, 2, 1, .succeeded),
            (.rollback, 1, 2, .succeeded)
        )
        #expect(history.current == Self.release(1))
        #expect(history.rollbackTarget == .alreadyRolledBack(to: Self.release(1)))
    }

    @Test("After a rollback and a new release, back is not the withdrawn one")
    func withdrawn() {
        let history = Self.history(
            (.deploy, 1, nil, .succeeded),
            (.deploy, 2, 1, .succeeded),
            (.rollback, 1, 2, .succeeded),
            (.deploy, 3, 1, .succeeded)
        )
        #expect(history.rollbackTarget == .release(Self.release(1)))
    }

    @Test(
        "What stopped half-way is taken back to what was confirmed before it",
        arguments: [Outcome.aborted, .incomplete, .failed]
    )
    func halfWay(_ outcome: Outcome) {
        let history = Self.history((.deploy, 1, nil, .succeeded), (.deploy, 2, 1, outcome))
        #expect(history.current == Self.release(1))
        #expect(history.rollbackTarget == .release(Self.release(1)))
    }

    @Test("A release that was rolled out again has the way back of its first time")
    func repeated() {
        let history = Self.history(
            (.deploy, 1, nil, .succeeded),
            (.deploy, 2, 1, .succeeded),
            (.deploy, 2, 2, .succeeded)
        )
        #expect(history.rollbackTarget == .release(Self.release(1)))
    }
}

extension ReleaseHistory {
    fileprivate func number(_ number: Int) -> ProvingGround.WayBack {
        .tried(RolloutID(ledger: LedgerID(validated: "01234567-89ab-4def-8123-456789abcdef"), number: number))
    }
}
