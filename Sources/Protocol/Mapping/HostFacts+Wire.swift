import Model
import SwiftProtobuf

extension HostFacts: WireConvertible {
    init(wire: WireHostFacts) throws(ProtocolError) {
        self.init(
            host: try Field.name(wire.host, "host"),
            bootID: try Field.text(wire.bootID, "boot_id"),
            agentVersion: try Field.text(wire.agentVersion, "agent_version"),
            operatingSystem: wire.operatingSystem,
            kernel: wire.kernel,
            systemd: wire.systemd,
            architecture: wire.architecture,
            clock: try Field.time(wire.clockMs, if: wire.hasClockMs, "clock_ms"),
            isClockSynchronised: wire.isClockSynchronised,
            uptime: try Field.span(wire.uptimeMs, if: wire.hasUptimeMs, "uptime_ms"),
            disks: try Disk.list(wire.disks, "disks"),
            certificateUntil: try Field.time(
                wire.certificateUntilMs,
                if: wire.hasCertificateUntilMs,
                "certificate_until_ms"
            ),
            certificateSince: wire.hasCertificateSinceMs
                ? try Field.time(wire.certificateSinceMs, if: true, "certificate_since_ms") : nil
        )
    }

    var wire: WireHostFacts {
        .with {
            $0.host = host.text
            $0.bootID = bootID
            $0.agentVersion = agentVersion
            $0.operatingSystem = operatingSystem
            $0.kernel = kernel
            $0.systemd = systemd
            $0.architecture = architecture
            $0.clockMs = clock.milliseconds
            $0.isClockSynchronised = isClockSynchronised
            $0.uptimeMs = uptime.milliseconds
            $0.disks = disks.map(\.wire)
            $0.certificateUntilMs = certificateUntil.milliseconds
            if let certificateSince { $0.certificateSinceMs = certificateSince.milliseconds }
        }
    }
}

extension HostFacts.Disk: WireConvertible {
    init(wire: WireDiskFacts) throws(ProtocolError) {
        self.init(
            path: try Field.text(wire.path, "path"),
            free: try Field.size(wire.free, if: wire.hasFree, "free"),
            total: try Field.size(wire.total, if: wire.hasTotal, "total")
        )
    }

    var wire: WireDiskFacts {
        .with {
            $0.path = path
            $0.free = free.bytes
            $0.total = total.bytes
        }
    }
}
