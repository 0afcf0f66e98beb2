/// Takes a server out of the fleet over SSH; the services that it runs go on.
package struct HostRemoval: Sendable {
    private let shell: RemoteShell

    package init(_ access: HostAccess) { shell = RemoteShell(access: access) }

    package func run() async throws {
        try await shell.run(HostEnrolment.removeScript, step: "removing the agent")
    }
}
