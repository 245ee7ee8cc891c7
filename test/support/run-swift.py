# Runs OpenStack Swift on the loopback address, with all of its files in one folder.
#   rings FOLDER ACCOUNT_PORT CONTAINER_PORT OBJECT_PORT   makes rings of one device
#   serve FOLDER SERVER                                    runs FOLDER/SERVER.conf
import os
import sys

import swift.common.utils as utils

command, folder, rest = sys.argv[1], sys.argv[2], sys.argv[3:]
# Before the import of modules that read swift.conf.
utils.set_swift_dir(folder)

if command == 'rings':
    from swift.common.ring import RingBuilder

    for name, port in zip(('account', 'container', 'object'), rest):
        builder = RingBuilder(part_power=2, replicas=1, min_part_hours=0)
        address = dict(ip='127.0.0.1', port=int(port))
        replication = dict(replication_ip='127.0.0.1', replication_port=int(port))
        builder.add_dev(dict(id=0, region=1, zone=1, weight=1.0, device='disk', meta='', **address, **replication))
        builder.rebalance()
        builder.get_ring().save(os.path.join(folder, name + '.ring.gz'))
else:
    from swift.common.wsgi import run_wsgi

    sys.exit(run_wsgi(os.path.join(folder, rest[0] + '.conf'), rest[0], verbose=True))
