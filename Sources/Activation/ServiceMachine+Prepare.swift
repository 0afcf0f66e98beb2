import Model

extension ServiceMachine {
    /// Takes an order in, and prepares its release beside the running one.
    mutating func prepare(
        _ material: PrepareOrder,
        _ reading: Reading,
        _ requester: Requester,
        at now: Moment
    ) -> [Action] {
        let read: ReadOrder
        switch reading {
        case .nothing, .continued, .broken:
            return answer(requester, .refused(Failure(.orderRefused, "the request came without an order")))
        case .unreadable(let failure): return answer(requester, .refused(failure))
        case .order(let found): read = found
        }
        if let refusal = refusal(of: read, isLate: material.isCatchUp, at: now.wall) {
            return answer(requester, .refused(refusal))
        }
        if let restriction = holding?.restriction {
            // It lies here, verified when it came; whether it may be switched to is decided then, without an order.
            let isWayBack = isConfirmedPredecessor(read.releaseDigest)
            return answer(requester, isWayBack ? .prepared(read.id) : .refused(restriction))
        }
        switch state {
        case .preparing, .migrating, .changing, .reverting: return answer(requester, .refused(busy))
        case .idle, .prepared: break
        }
        // A newer order of the same release is verified like the first, so that it may take its place.
        let isPermitted = permit?.order == read.order && entry(read.releaseDigest) != nil
        if isCurrent(read.releaseDigest) || isPermitted { return answer(requester, .prepared(read.id)) }
        permit = nil
        let preparation = Preparation(
            requester: requester,
            id: read.id,
            release: read.release,
            order: read.order,
            orderDigest: read.orderDigest,
            adoption: material.adoptsForeignUnit,
            startedAt: now.wall,
            isInstalled: entry(read.releaseDigest) != nil,
            step: .verifying,
            catchUp: material.isCatchUp ? catchUp : nil
        )
        // A canary that was only committed is no way back.
        let isWayBack = isConfirmedPredecessor(read.releaseDigest)
        return begin(preparation, material, isWayBack ? .approvalsUnlessWayBack : .provenanceAndApprovals)
    }

    /// Starts `preparation` with its verification, so that the signed bytes need not be kept.
    mutating func begin(
        _ preparation: Preparation,
        _ material: PrepareOrder,
        _ demand: Verification.Demand
    ) -> [Action] {
        state = .preparing(preparation)
        return perform(
            .verify(
                Verification(id: preparation.id, release: preparation.release, material: material, demand: demand)
            )
        )
    }

    private var catchUp: Permit.CatchUp? {
        holding.map { Permit.CatchUp(rollout: $0.claim.rollout, epoch: $0.claim.epoch) }
    }

    func isCurrent(_ digest: Digest) -> Bool { current?.digest == digest && distress == nil }

    /// What an order must say before anything is done for it.
    private func refusal(of read: ReadOrder, isLate: Bool, at now: WallTime) -> Failure? {
        if let held { return Failure(.held, "\(service) is held: \(held)") }
        if let mismatch = mismatch(of: read) { return mismatch }
        return isLate ? refusal(ofCatchingUpWith: read.order, at: now) : refusal(ofClaimed: read.order, at: now)
    }

    /// Goes on with a preparation after one of its effects.
    mutating func advance(_ preparation: Preparation, _ result: EffectResult, at now: Moment) -> [Action] {
        var next = preparation
        switch result {
        case .failed(let failure): return abandon(preparation, because: failure)
        case .inspected(let inspection):
            if let failure = refusal(of: inspection, for: preparation) { return abandon(preparation, because: failure) }
            next.inspection = inspection
        case .verified(let verdict):
            guard preparation.step == .verifying else { return [] }
            next.verdict = verdict
        case .done:
            guard preparation.step != .verifying else {
                return abandon(preparation, because: Failure(.internalError, "the verification came without a verdict"))
            }
        case .started, .checked, .traffic, .busy: return []
        }
        guard let step = preparation.route.following(preparation.step) else { return finish(next, at: now) }
        next.step = step
        state = .preparing(next)
        switch step {
        case .verifying: return []  // always the first, see `begin`
        case .reserving: return perform(.reserve(next.id, next.release))
        case .unpacking: return perform(.unpack(next.id, next.release))
        case .inspecting: return perform(.inspect(next.id, next.release))
        case .installing: return perform(.install(next.id))
        }
    }

    /// What this host lacks to run the release.
    private func refusal(of inspection: Inspection, for preparation: Preparation) -> Failure? {
        let spec = inspection.spec
        guard spec.service == service else {
            return Failure(.specInvalid, "service.yml is of \(spec.service), expected \(service)")
        }
        if let failure = refusalOfAgent(spec) { return failure }
        if spec.strategy != .none, spec.unit.unitName == nil {
            return Failure(.specInvalid, "service.yml has the strategy '\(spec.strategy.rawValue)' and names no unit")
        }
        if spec.strategy == .blueGreen || spec.copies != nil, inspection.unit == .foreign {
            let unit = spec.unit.unitName?.text ?? "its template unit"
            let message = "\(unit) exists and was not installed by Fleet; a template can't be adopted, remove it"
            return Failure(.unitForeign, message)
        }
        if case .existing(let name) = spec.unit, inspection.unit == .absent {
            return Failure(.specInvalid, "\(name) shall exist on the host and does not")
        }
        if case .file(let path) = spec.unit, inspection.unit == .foreign, preparation.adoption == .refuse,
            service != .agent
        {
            return Failure(.unitForeign, "\(path.name) exists and was not installed by Fleet; --adopt replaces it")
        }
        if let missing = inspection.missingCredentials.first {
            let all = inspection.missingCredentials
            return Failure(.credentialMissing, "credential \(missing) is missing on \(host)", evidence: all)
        }
        if let missing = inspection.missingFiles.first {
            return Failure(.specInvalid, "\(host) can't run it: \(missing)", evidence: inspection.missingFiles)
        }
        return nil
    }

    /// The release is on disk and verified.
    private mutating func finish(_ preparation: Preparation, at now: Moment) -> [Action] {
        guard let inspection = preparation.inspection else {
            return abandon(preparation, because: Failure(.internalError, "the release was not inspected"))
        }
        if case .local = preparation.requester, let refusal = overtaken(preparation) {
            return abandon(preparation, because: refusal)
        }
        record(preparation, inspection)
        state = .prepared(preparation)
        if case .local = preparation.requester { return activateLocally(preparation, at: now) }
        // What nobody has approved may be gone back to, but is no leave to deploy.
        if preparation.verdict?.permits == .activation, let order = preparation.order {
            accept(order, preparation.orderDigest, of: preparation.id, catchingUp: preparation.catchUp)
        }
        holding?.name(preparation.id.digest)
        return answer(preparation.requester, .prepared(preparation.id))
    }

    /// Why a person's release may not be switched to any more: a rollout has come in between.
    private func overtaken(_ preparation: Preparation) -> Failure? {
        if let activeClaim, activeClaim.rollout != preparation.brokenClaim { return Self.heldBy(activeClaim) }
        guard let order = preparation.order, !fence.admits(order.rollout, order.epoch) else { return nil }
        let what =
            "the order is of \(order.rollout.label), epoch \(order.epoch), and epoch \(fence.epoch) was seen meanwhile"
        return Failure(.epochStale, what)
    }

    private mutating func record(_ preparation: Preparation, _ inspection: Inspection) {
        var adopts: UnitName?
        if inspection.unit == .foreign, case .file = inspection.spec.unit { adopts = inspection.spec.unit.unitName }
        condemned.removeAll { $0.digest == preparation.id.digest }
        if let index = catalog.firstIndex(where: { $0.installed.id.digest == preparation.id.digest }) {
            catalog[index].spec = inspection.spec
            catalog[index].adopts = adopts
            catalog[index].startup = inspection.startup
            if preparation.verdict?.permits == .activation {
                catalog[index].installed.breakGlass = preparation.verdict?.breakGlass
            }
            return
        }
        let release = preparation.release
        let installed = InstalledRelease(
            id: preparation.id,
            artifact: release.artifact.digest,
            source: release.source,
            breakGlass: preparation.verdict?.breakGlass
        )
        catalog.append(
            CatalogEntry(
                installed: installed,
                spec: inspection.spec,
                wasHealthy: false,
                adopts: adopts,
                manifest: inspection.manifest,
                startup: inspection.startup
            )
        )
    }

    /// Ends a preparation without its release; the running service was never touched.
    private mutating func abandon(_ preparation: Preparation, because failure: Failure) -> [Action] {
        awaited = nil
        state = .idle
        let discarded: [Action] = preparation.isInstalled ? [] : [.discardStaging(preparation.id)]
        return discarded + answer(preparation.requester, .refused(failure))
    }

    /// Ends whatever is being prepared.
    mutating func abandonPreparation(because reason: String) -> [Action] {
        guard case .preparing(let preparation) = state else { return [] }
        return abandon(preparation, because: Failure(.cancelled, reason))
    }

    /// Forgets a release that will not be activated.
    mutating func discard(_ digest: Digest, _ requester: Requester) -> [Action] {
        switch state {
        case .changing(let change), .reverting(let change, _):
            guard change.target.id.digest != digest else { return answer(requester, .refused(busy)) }
            return answer(requester, .discarded)
        case .preparing(let preparation) where preparation.id.digest == digest:
            return abandonPreparation(because: "discarded by its rollout") + answer(requester, .discarded)
        case .prepared(let preparation) where preparation.id.digest == digest: state = .idle
        case .migrating(let migrating) where migrating.id.digest == digest:
            return answer(requester, .refused(busy))
        case .preparing, .prepared, .migrating, .idle: break
        }
        if permit?.release.digest == digest { permit = nil }
        holding?.named.removeAll { $0 == digest }
        // A release that was tried and failed is evidence: its tree stays until retention takes it.
        let isSpare = entry(digest)?.wasHealthy == false && last?.target.digest != digest
        let removal = isSpare ? remove(digest) : []
        return removal + answer(requester, .discarded)
    }
}
