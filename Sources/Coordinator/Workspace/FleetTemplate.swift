internal import Model

/// The `fleet.yml` that `fleet init` writes: as short as it can be, and valid.
enum FleetTemplate {
    static func text(fleet: FleetName) -> String {
        """
        # Which hosts run what. `fleet host add root@ADDRESS` prepares a server and prints its line for 'hosts'.
        # Everything but 'hosts' can be left out: all hosts but one then stay in service, one host changes at a time,
        # one canary goes first, and a release that fails its checks is taken back.
        fleet: \(fleet)
        services:
          web:                       # as 'service:' in the service.yml of what you deploy
            environments:
              dev:
                hosts:
                  - {name: web-1, address: 192.0.2.1}      # put your first server here
                # capacity: {floor: 80%, window: 2}
                # controlled: true             # only what CI has signed, and one other person approves
                # config: {LOG_LEVEL: info}

        """
    }
}
