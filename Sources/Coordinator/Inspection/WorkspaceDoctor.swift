internal import Artifacts
internal import Configuration
internal import Glibc
package import Model
internal import TLS
internal import Trust

/// Examines what lies on the operator's side: files, keys, certificates, tools.
package struct WorkspaceDoctor: Sendable {
    private let workspace: Workspace
    private let now: WallTime

    package init(_ workspace: Workspace, at now: WallTime) {
        self.workspace = workspace
        self.now = now
    }

    package func examine() -> [Finding] {
        let layout = workspace.layout
        let findings = [
            look(workspace.fleetFile, remedy: "correct the file", fleetFile),
            look(layout.root, remedy: "run 'chmod 700 \(layout.root)'", permissions),
            look(layout.authority, remedy: "restore it from a backup, or make one with 'fleet init'", authority),
            look(
                layout.operatorCertificate,
                remedy: "move \(layout.operator) away and run 'fleet init', which issues a new one",
                operatorCertificate
            ),
            look(layout.developmentKey, remedy: "run 'fleet init', which makes a new one", developmentKey),
            look(layout.ledger, remedy: workspace.ledgerRemedy, ledger),
            look("fleet-unpack", remedy: "install the package fleet-unpack", tool),
        ]
        return findings + policy()
    }

    /// Where fleet.yml wants approvals that hosts do not demand: a coordinator that asks nobody would move them.
    private func policy() -> [Finding] {
        let path = workspace.layout.policy
        do {
            let bytes = try SmallFile.exists(path) ? SmallFile.read(path) : nil
            let policy = try bytes.map { try TrustPolicyFile.parse($0, file: path) } ?? TrustPolicy()
            // What is wrong with fleet.yml is said before.
            let services = (try? workspace.configuration().services) ?? []
            return services.flatMap { service in
                service.environments.compactMap { environment in
                    let demanded = policy.approvals(of: service.name, in: environment.name)
                    guard demanded < environment.approvals else { return nil }
                    return Finding(
                        .warning,
                        path,
                        "demands \(demanded) of the \(environment.approvals) approvals that \(workspace.fleetFile) asks for "
                            + "\(service.name) in \(environment.name): hosts would take what nobody approved",
                        remedy: "put '- {service: \(service.name), environment: \(environment.name), approvals: "
                            + "\(environment.approvals)}' under 'rules', list people in \(workspace.layout.approvers), and "
                            + "bring both to hosts with 'fleet host add', or 'fleet trust propose'"
                    )
                }
            }
        } catch {
            return [Finding(.problem, path, "\(error)", remedy: "correct the file: hosts with it take nothing")]
        }
    }

    /// Takes a thrown error for a problem of `subject`.
    private func look(_ subject: String, remedy: String, _ examine: () throws -> Finding) -> Finding {
        do {
            return try examine()
        } catch {
            return Finding(.problem, subject, "\(error)", remedy: remedy)
        }
    }

    private func fleetFile() throws -> Finding {
        let configuration = try workspace.configuration()
        let services = configuration.services.map(\.name.text).joined(separator: ", ")
        return Finding(.fine, workspace.fleetFile, "fleet \(configuration.fleet): \(services)")
    }

    private func permissions() throws -> Finding {
        var status = stat()
        guard stat(workspace.layout.root, &status) == 0 else {
            let remedy = "run 'fleet init'"
            return Finding(.problem, workspace.layout.root, String(cString: strerror(errno)), remedy: remedy)
        }
        let mode = String(status.st_mode & 0o777, radix: 8)
        guard status.st_mode & 0o077 == 0 else {
            let remedy = "run 'chmod 700 \(workspace.layout.root)'"
            return Finding(.problem, workspace.layout.root, "others may look inside (mode 0\(mode))", remedy: remedy)
        }
        return Finding(.fine, workspace.layout.root, "private")
    }

    private func authority() throws -> Finding {
        let authority = try workspace.authority()
        let (root, intermediate) = (authority.certificate.validity, authority.intermediate.validity)
        let place = authority.hasRootKey ? "its key is here" : "its key is elsewhere"
        let text =
            "fleet \(authority.fleet), root until \(root.notAfter) (\(place)), intermediate until \(intermediate.notAfter)"
        guard intermediate.state(at: now) == .fine || root.state(at: now) != .fine else {
            let severity: Finding.Severity = intermediate.state(at: now) == .expired ? .problem : .warning
            let remedy = "'fleet ca renew' makes a new intermediate with the root's key"
            return Finding(severity, workspace.layout.authority, text, remedy: remedy)
        }
        let remedy = "plan for a new authority: every host needs its certificate before \(root.notAfter)"
        return switch root.state(at: now) {
        case .expired: Finding(.problem, workspace.layout.authority, text, remedy: remedy)
        case .renewalDue: Finding(.warning, workspace.layout.authority, text, remedy: remedy)
        case .fine: Finding(.fine, workspace.layout.authority, text)
        }
    }

    private func operatorCertificate() throws -> Finding {
        let path = workspace.layout.operatorCertificate
        let credentials = try workspace.credentials()
        let validity = credentials.identity.certificate.validity
        let until = validity.notAfter
        let text = "\(credentials.identity.peer), until \(until)"
        let remedy = "move \(workspace.layout.operator) away and run 'fleet init', which issues a new one"
        return switch validity.state(at: now) {
        case .expired: Finding(.problem, path, "\(text): expired", remedy: remedy)
        case .renewalDue: Finding(.warning, path, text, remedy: remedy)
        case .fine: Finding(.fine, path, text)
        }
    }

    private func developmentKey() throws -> Finding {
        let key = try workspace.developmentKey().publicKey
        let trust = try BuilderTrust.load(directory: workspace.layout.builders)
        guard trust.builders.contains(where: { $0.key == key }) else {
            let remedy = "move \(workspace.layout.developmentBuilder) away and run 'fleet init'"
            return Finding(.problem, workspace.layout.developmentKey, "is not among the builders", remedy: remedy)
        }
        return Finding(.fine, workspace.layout.developmentKey, "\(key), one of \(trust.builders.count) builders")
    }

    private func ledger() throws -> Finding {
        guard SmallFile.exists(workspace.layout.ledger) else {
            let remedy = SmallFile.isDirectory(workspace.layout.root) ? workspace.ledgerRemedy : "run 'fleet init'"
            return Finding(.problem, workspace.layout.ledger, "is missing", remedy: remedy)
        }
        _ = try workspace.ledger()
        return Finding(.fine, workspace.layout.ledger, "readable")
    }

    private func tool() throws -> Finding { Finding(.fine, "fleet-unpack", try UnpackTool.find().path) }
}
