package import Model
internal import Protocol
internal import Session
internal import TLS

/// Examines every host of a fleet at once: reachability, identity, clock, disks, versions, certificate.
package struct HostDoctor: Sendable {
    /// Orders and certificates go by the wall clock; more than this is asking for trouble.
    private static let toleratedSkew = TimeSpan.seconds(5)
    /// Certificates are backdated by five minutes, so a host that is further behind refuses new ones.
    private static let harmfulSkew = TimeSpan.minutes(4)
    private static let leastFreeDisk = ByteCount.gibibytes(1)
    private static let oldestSystemd = 250
    private static let answerTime = Duration.seconds(5)

    private let dialer: HostDialer
    /// Version of the workspace's present trust root; nil when it has none.
    private let trustRoot: Int?

    package init(_ dialer: HostDialer, trustRoot: Int? = nil) {
        self.dialer = dialer
        self.trustRoot = trustRoot
    }

    package func examine(_ hosts: [Host]) async -> [Finding] {
        let answers = await dialer.ask(hosts) { session in
            let clock = CoordinatorClock()
            let asked = clock.wall
            let facts = try await session.facts(within: Self.answerTime)
            // The host looked at its clock half-way between question and answer.
            let middle = WallTime(milliseconds: (asked.milliseconds + clock.wall.milliseconds) / 2)
            // An agent that has never heard of trust roots follows none.
            let trust = try? await session.trust(within: Self.answerTime)
            return (facts, middle, try await session.status(within: Self.answerTime).ledgerRefusal, trust)
        }
        return zip(hosts, answers).flatMap { host, answer in
            switch answer {
            case .success((let facts, let now, let refusal, let trust)):
                Self.judge(facts, of: host, trust: trust, present: trustRoot, at: now)
                    + (refusal.map { [Self.ledgerRefused($0, by: host)] } ?? [])
            case .failure(let error): [Self.unreachable(host, error)]
            }
        }
    }

    private static func ledgerRefused(_ refusal: String, by host: Host) -> Finding {
        let remedy = "find out whose ledger it was, and why; 'fleet rollback' works meanwhile"
        return Finding(.problem, host.id.text, "has refused a ledger: \(refusal)", remedy: remedy)
    }

    private static func unreachable(_ host: Host, _ error: any Error) -> Finding {
        let remedy =
            if let error = error as? SessionError, error.code == .unreachable {
                "is the host up, and does 'systemctl status agent' there say running? Port \(host.port) must be open"
            } else {
                "look at 'journalctl -u agent' on the host, or enrol it anew with 'fleet host add'"
            }
        return Finding(.problem, host.id.text, "can't be asked: \(error)", remedy: remedy)
    }

    /// The verdict on what a host says of itself; `now` is our clock at that moment, `present` the version of the workspace's
    /// trust root.
    package static func judge(
        _ facts: HostFacts,
        of host: Host,
        trust: TrustState? = nil,
        present: Int? = nil,
        at now: WallTime
    ) -> [Finding] {
        let name = host.id.text
        var findings = [clock(facts, name, now), certificate(facts, name, now)] + facts.disks.map { disk($0, name) }
        if let finding = root(trust, present, name, now) { findings.append(finding) }
        if facts.agentVersion != FleetVersion.text {
            let text = "agent \(facts.agentVersion), this is fleet \(FleetVersion.text)"
            findings.append(
                Finding(.warning, name, text, remedy: "bring both to one version soon: 'fleet host add' upgrades")
            )
        }
        let systemd = Int(facts.systemd.prefix { $0.isNumber }) ?? 0
        if systemd < oldestSystemd {
            let remedy = "upgrade the host: Fleet is tested with systemd \(oldestSystemd) and later"
            findings.append(Finding(.warning, name, "systemd \(facts.systemd)", remedy: remedy))
        }
        guard findings.contains(where: { $0.severity != .fine }) else {
            let root = trust.map { ", trust root \($0.version)" } ?? ""
            let text =
                "agent \(facts.agentVersion), systemd \(facts.systemd), \(facts.operatingSystem), up \(facts.uptime)\(root)"
            return [Finding(.fine, name, text)]
        }
        return findings.filter { $0.severity != .fine }
    }

    /// What is wrong with the trust root that a host follows; nil when nothing is.
    private static func root(_ trust: TrustState?, _ present: Int?, _ name: String, _ now: WallTime) -> Finding? {
        guard let trust else {
            guard let present else { return nil }
            let remedy = "'fleet host add' brings it its first"
            return Finding(
                .warning,
                name,
                "follows no trust root, the present one is version \(present)",
                remedy: remedy
            )
        }
        let text = "follows trust root \(trust.version)"
        if let expires = trust.expires, expires <= now {
            let remedy = "'fleet trust propose' a root with a later --expires, and 'fleet trust publish' it"
            return Finding(.problem, name, "\(text), which ended \(expires): it takes no releases", remedy: remedy)
        }
        guard let present, present != trust.version else { return nil }
        let remedy =
            present > trust.version
            ? "'fleet trust publish' brings it up"
            : "get the newer roots into .fleet/trust, from whoever published them"
        return Finding(.warning, name, "\(text), the present one is version \(present)", remedy: remedy)
    }

    private static func clock(_ facts: HostFacts, _ name: String, _ now: WallTime) -> Finding {
        let skew = facts.clock - now
        let size = skew < .zero ? TimeSpan.zero - skew : skew
        let remedy = "synchronise the clock there: 'timedatectl set-ntp true'"
        guard size <= toleratedSkew else {
            let text = "its clock is \(size) \(skew < .zero ? "behind" : "ahead of") ours"
            return Finding(size > harmfulSkew ? .problem : .warning, name, text, remedy: remedy)
        }
        guard facts.isClockSynchronised else {
            return Finding(.warning, name, "its clock is right, but not synchronised", remedy: remedy)
        }
        return Finding(.fine, name, "clock")
    }

    private static func certificate(_ facts: HostFacts, _ name: String, _ now: WallTime) -> Finding {
        let text = "its certificate ends \(facts.certificateUntil)"
        let remedy = "'fleet host add' issues a new one"
        return switch validity(facts).state(at: now) {
        case .expired: Finding(.problem, name, text, remedy: remedy)
        case .renewalDue: Finding(.warning, name, text, remedy: remedy)
        case .fine: Finding(.fine, name, text)
        }
    }

    /// An agent that does not say since when its certificate holds is taken to have a usual one.
    private static func validity(_ facts: HostFacts) -> Validity {
        let until = facts.certificateUntil
        let usual = until + (.zero - CertificateAuthority.memberValidity)
        return Validity(notBefore: facts.certificateSince ?? usual, notAfter: until)
    }

    private static func disk(_ disk: HostFacts.Disk, _ name: String) -> Finding {
        let text = "\(disk.path) has \(disk.free) of \(disk.total) free"
        guard disk.free >= leastFreeDisk else {
            let remedy = "free some space: a release needs room beside the one that runs"
            return Finding(disk.free.bytes == 0 ? .problem : .warning, name, text, remedy: remedy)
        }
        return Finding(.fine, name, text)
    }
}
