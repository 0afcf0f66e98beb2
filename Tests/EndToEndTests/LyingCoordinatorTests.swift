import Foundation
import Liar
import Model
import Testing
import Trust

extension EndToEnd {
    /// A coordinator that somebody else owns, with everything that its ledger, its keys and its past have given it.
    @Suite struct LyingCoordinatorTests {
        private typealias Goods = LyingCoordinator.Goods

        /// One thing that no honest coordinator says, and by which rule a host refuses it.
        private struct Lie {
            let name: String
            var host = 1
            let code: Failure.Code
            let says: String
            let material: PrepareOrder
            /// What it tries to switch to afterwards.
            let goal: Goods
            var purpose = Purpose.deploy
        }

        @Test("A coordinator that was rebuilt to lie moves no host, whatever it has seen before")
        func lies() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                try await fleet.begin(with: "62.0", FleetFile(floor: "0"))
                for person in ["dana", "mallory"] { try await fleet.makeKey(person) }
                try await fleet.demandApproval(by: ["dana"])
                let versions = ["62.1", "62.2", "62.3"]
                var goods: [Goods] = []
                for version in versions { goods.append(try await fleet.goods(version)) }

                // With dana's approval it moves hosts: what is refused below is refused for its lie.
                var used: [PrepareOrder] = []
                for (index, item) in goods.enumerated() {
                    used.append(try await deploy(item, on: fleet, rollout: 90 + index, epoch: Int64(10 + index)))
                    try await fleet.expect(1...2, run: versions[index], phase: .committed)
                }

                let next = try await fleet.goods("62.4")
                let other = try await fleet.goods("62.5")
                var coordinator = try LyingCoordinator(fleet, rollout: 99, epoch: 20)
                let lies = try await lies(of: coordinator, next, other, used: used, old: goods[0], on: fleet)
                coordinator.claim(1, epoch: Epoch(5))
                for host in 1...2 {
                    coordinator.claim(host)
                    for item in [next, other] { coordinator.deliver(item, to: host) }
                }
                for lie in lies {
                    coordinator.say(.prepare(lie.material), to: lie.host)
                    coordinator.activate(lie.goal, lie.purpose, on: lie.host)
                }
                coordinator.activate(goods[1], .rollback, on: 1, epoch: Epoch(11))
                let order = try CanonicalJSON.encode(try coordinator.order(next))
                let approval = try await fleet.approve(order, by: "dana")
                for host in 1...2 {
                    coordinator.say(.prepare(try next.material(order, approvals: [approval])), to: host)
                    coordinator.say(.discard(release: next.id.digest), to: host)
                    coordinator.say(.releaseClaim, to: host)
                }

                let answers = try await coordinator.speak()
                expectRefusal(answers[0], .epochStale, "epoch", of: "a claim of an older epoch")
                try #require(answers[1].reply == .claimed(highest: Epoch(20)), "\(answers)")
                for (index, lie) in lies.enumerated() {
                    expectRefusal(answers[7 + 2 * index], lie.code, lie.says, of: lie.name)
                    expectRefusal(answers[8 + 2 * index], nil, "", of: "switching after \(lie.name)")
                }
                expectRefusal(answers[7 + 2 * lies.count], .epochStale, "", of: "a word of an older epoch")
                let honest = answers.suffix(6).map(\.reply)
                #expect(
                    honest == [.prepared(next.id), .discarded, .released, .prepared(next.id), .discarded, .released]
                )
                try await fleet.expect(1...2, run: "62.3", phase: .committed)
            }
        }

        @Test("A hostile archive that a builder has signed and people have approved is refused by the host itself")
        func hostileArchive() async throws {
            try await FleetPool.shared.fresh(hosts: 1) { fleet in
                try await fleet.begin(with: "63.0", FleetFile(floor: "0"))
                try await fleet.makeKey("dana")
                try await fleet.demandApproval(by: ["dana"])
                let path = try await fleet.hostileArtifact("63.1")
                let goods = try fleet.goods("63.1", artifact: path)
                let kept = try await fleet.shell(1, "ls -A /srv/hello /srv/hello/releases")

                var coordinator = try LyingCoordinator(fleet, rollout: 90, epoch: 10)
                let order = try CanonicalJSON.encode(try coordinator.order(goods))
                let approval = try await fleet.approve(order, by: "dana")
                coordinator.claim(1)
                coordinator.deliver(goods, to: 1)
                coordinator.say(.prepare(try goods.material(order, approvals: [approval])), to: 1)
                coordinator.activate(goods, on: 1)
                coordinator.say(.releaseClaim, to: 1)
                let answers = try await coordinator.speak()
                expectRefusal(answers[2], .artifactRefused, "..", of: "an archive that leaves its tree")
                expectRefusal(answers[3], nil, "", of: "switching to it")

                try await fleet.shell(
                    1,
                    "test ! -e /etc/owned; test ! -e /srv/etc/owned; test ! -e /srv/hello/etc/owned"
                )
                #expect(try await fleet.shell(1, "ls -A /srv/hello /srv/hello/releases") == kept)
                try await fleet.expect([1], run: "63.0", phase: .committed)
            }
        }

        /// Brings a release in as an honest coordinator would, and returns what it has said to prepare it.
        private func deploy(
            _ goods: Goods,
            on fleet: Fleet,
            rollout: Int,
            epoch: Int64
        ) async throws -> PrepareOrder {
            var coordinator = try LyingCoordinator(fleet, rollout: rollout, epoch: epoch)
            let order = try CanonicalJSON.encode(try coordinator.order(goods))
            let material = try goods.material(order, approvals: [try await fleet.approve(order, by: "dana")])
            let release = goods.id.digest
            for host in 1...fleet.count {
                coordinator.claim(host)
                coordinator.deliver(goods, to: host)
                coordinator.say(.prepare(material), to: host)
                coordinator.activate(goods, on: host)
                for word in [HostRequest.commit(release: release), .confirm(release: release), .releaseClaim] {
                    coordinator.say(word, to: host)
                }
            }
            let answers = try await coordinator.speak()
            try #require(answers.last?.reply == .released, "\(answers)")
            return material
        }

        private func lies(
            of coordinator: LyingCoordinator,
            _ next: Goods,
            _ other: Goods,
            used: [PrepareOrder],
            old: Goods,
            on fleet: Fleet
        ) async throws -> [Lie] {
            let order = try coordinator.order(next)
            let bytes = try CanonicalJSON.encode(order)
            let dana = try await fleet.approve(bytes, by: "dana")
            let mallory = try await fleet.approve(bytes, by: "mallory")
            let alone = try CanonicalJSON.encode(try coordinator.order(next, hosts: [1]))
            let forOne = try await fleet.approve(alone, by: "dana")
            var edited = order
            edited.validUntil = edited.validUntil + .minutes(1)
            var borrowed = try next.material(bytes, approvals: [dana])
            borrowed.release = try CanonicalJSON.encode(other.release)
            var unsigned = try next.material(bytes, approvals: [dana])
            unsigned.provenance = []
            return [
                Lie(
                    name: "no approval",
                    code: .approvalRefused,
                    says: "has that of nobody",
                    material: try next.material(bytes),
                    goal: next
                ),
                Lie(
                    name: "an approval by a stranger",
                    code: .approvalRefused,
                    says: "nobody in",
                    material: try next.material(bytes, approvals: [mallory]),
                    goal: next
                ),
                Lie(
                    name: "an edited order",
                    code: .approvalRefused,
                    says: "was it changed since",
                    material: try next.material(edited, approvals: [dana]),
                    goal: next
                ),
                Lie(
                    name: "another artifact under an approved order",
                    code: .orderRefused,
                    says: "the order names release",
                    material: borrowed,
                    goal: other
                ),
                Lie(
                    name: "an artifact that nobody vouches for",
                    code: .provenanceRefused,
                    says: "",
                    material: unsigned,
                    goal: next
                ),
                Lie(
                    name: "an order for another host",
                    host: 2,
                    code: .orderRefused,
                    says: "does not name h2",
                    material: try next.material(alone, approvals: [forOne]),
                    goal: next
                ),
                Lie(
                    name: "an order that was used before",
                    code: .orderRefused,
                    says: "which holds no claim here",
                    material: used[0],
                    goal: old
                ),
                Lie(
                    name: "a downgrade, as a rollback",
                    code: .approvalRefused,
                    says: "has that of nobody",
                    material: try old.material(try coordinator.order(old)),
                    goal: old,
                    purpose: .rollback
                ),
            ]
        }

        private func expectRefusal(_ answer: Script.Answer, _ code: Failure.Code?, _ says: String, of lie: String) {
            guard case .reply(.refused(let failure)) = answer else {
                Issue.record("\(lie): \(answer)")
                return
            }
            if let code { #expect(failure.code == code, "\(lie): \(failure)") }
            #expect(says.isEmpty || failure.message.contains(says), "\(lie): \(failure)")
        }
    }
}

extension Fleet {
    /// A release with one file more, whose name leads out of the tree; signed by a builder whom the hosts believe.
    fileprivate func hostileArtifact(_ version: String) async throws -> String {
        let release = try await build(version)
        try "owned".write(toFile: "\(directory)/\(release.path)/owned", atomically: true, encoding: .utf8)
        let path = "dist/hostile-\(version).tar"
        let leave = "s,^owned$,../../../etc/owned,"
        let files = ["service.yml", "bin", "systemd", "owned"]
        let made = try await beside(
            ["tar", "-C", release.path, "--absolute-names", "--transform", leave, "-cf", "\(directory)/\(path)"]
                + files,
            subject: "tar"
        ).end()
        try #require(made.code == 0, "\(made)")
        try await fleet("artifact", "sign", path, code: .succeeded)
        return path
    }
}

extension Script.Answer {
    fileprivate var reply: HostReply? {
        if case .reply(let reply) = self { return reply }
        return nil
    }
}
